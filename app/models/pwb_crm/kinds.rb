# frozen_string_literal: true

module PwbCrm
  # The kinds of records that are delivered, by the names that tables, logs and the core use. A
  # kind's class is the host's ({Configuration::Host}), its twins below it included.
  #
  # @api private
  module Kinds
    # Kind to the switch of {Integration} that turns it on.
    SWITCHES = {
      "contact" => "sync_contacts",
      "message" => "sync_messages",
      "support_ticket" => "sync_support_tickets",
      "comment" => "sync_comments"
    }.freeze
    # Kinds whose records are sent once: neither changes nor deletes of them are.
    APPEND_ONLY = %w[comment].freeze
    # Kind to the kind of what has to arrive before it.
    PREDECESSORS = { "message" => "contact", "comment" => "support_ticket" }.freeze

    class << self
      # @return [Array<String>]
      def all = SWITCHES.keys

      # @param kind [String]
      # @return [Class, nil] the host's class, looked up late because it may be reloaded
      def class_of(kind) = PwbCrm.config.public_send(:"#{kind}_class").safe_constantize

      # @param record [ActiveRecord::Base]
      # @return [String, nil]
      def of(record)
        all.find { |kind| (model = class_of(kind)) && record.is_a?(model) }
      end

      # @return [String] the kind
      # @raise [ConfigurationError] for a record that is not of one of the four classes
      def of!(record)
        of(record) || raise(ConfigurationError, unknown(record.class))
      end

      # @param kind [String]
      # @param id [String, Integer]
      # @return [ActiveRecord::Base, nil]
      # @raise [ConfigurationError] for a kind that there is not, or no id
      def find(kind, id)
        unless all.include?(kind) && id.present?
          raise ConfigurationError, "TYPE is one of #{all.join(", ")}; ID is the record's."
        end

        class_of(kind)&.then { |model| Selection.exact(model, id) }
      end

      # @param model [Class]
      # @return [String] the kind of its records
      # @raise [ConfigurationError] for a class that is not one of the four, or below one
      def of_class!(model)
        all.find { |kind| (configured = class_of(kind)) && model <= configured } ||
          raise(ConfigurationError, unknown(model))
      end

      # @param kind [String]
      # @return [Boolean] whether its records are sent once and never again
      def append_only?(kind) = APPEND_ONLY.include?(kind)

      # @param kind [String]
      # @param record [ActiveRecord::Base]
      # @return [String, nil] why it is never sent, whatever is configured
      # @raise [Error] when a reader fails
      def left_out(kind, record) = (Replies.left_out(record) if kind == Replies::KIND)

      # @param kind [String]
      # @param record [ActiveRecord::Base]
      # @return [Object, nil]
      # @raise [Error] when a reader fails
      def website_id_of(kind, record) = kind == Replies::KIND ? Replies.website_id_of(record) : record.website_id

      # @param kind [String]
      # @param website_id [Object]
      # @param model [Class] the kind's
      # @return [ActiveRecord::Relation] its records of that website
      # @raise [ConfigurationError] when they are none's
      def of_website(kind, website_id, model: class_of(kind))
        kind == Replies::KIND ? Replies.of_website(model, website_id) : model.where(website_id:)
      end

      # @param kind [String]
      # @param record [ActiveRecord::Base]
      # @return [Array(String, String), nil] kind and id of what has to arrive before it
      # @raise [Error] when a reader fails
      def predecessor(kind, record)
        case kind
        when "message" then ["contact", record.contact_id.to_s] if record.try(:contact_id)
        when Replies::KIND then Replies.ticket_key(record)
        end
      end

      private

      def unknown(model)
        classes = all.map { |kind| PwbCrm.config.public_send(:"#{kind}_class") }.join(", ")
        "#{model} is none of #{classes}. Set PwbCrm.config.contact_class, message_class, " \
          "support_ticket_class or comment_class to the classes to deliver."
      end
    end
  end
end
