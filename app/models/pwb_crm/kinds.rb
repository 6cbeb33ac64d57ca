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
      "support_ticket" => "sync_support_tickets"
    }.freeze

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
      # @raise [ConfigurationError] for a record that is not of one of the three classes
      def of!(record)
        of(record) || raise(ConfigurationError, unknown(record.class))
      end

      # @param kind [String]
      # @param id [String, Integer]
      # @return [ActiveRecord::Base]
      # @raise [ConfigurationError] for a kind or a record that there is not
      def find!(kind, id)
        raise ConfigurationError, "TYPE is one of #{all.join(", ")}; ID is the record's." unless all.include?(kind)

        class_of(kind)&.find_by(id:) || raise(ConfigurationError, "There is no #{kind} #{id}.")
      end

      # @param model [Class]
      # @return [String] the kind of its records
      # @raise [ConfigurationError] for a class that is not one of the three, or below one
      def of_class!(model)
        all.find { |kind| (configured = class_of(kind)) && model <= configured } ||
          raise(ConfigurationError, unknown(model))
      end

      private

      def unknown(model)
        classes = all.map { |kind| PwbCrm.config.public_send(:"#{kind}_class") }.join(", ")
        "#{model} is none of #{classes}. Set PwbCrm.config.contact_class, message_class or " \
          "support_ticket_class to the classes to deliver."
      end
    end
  end
end
