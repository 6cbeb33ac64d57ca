# frozen_string_literal: true

module PwbCrm
  # What the host's comments are: replies in a support ticket, which are sent once and never again, and internal notes,
  # which never leave. They need no `website_id`: their ticket's will do.
  #
  # @api private
  module Replies
    KIND = "comment"
    INTERNAL = "is an internal note, which stays here"
    OPENING = "is the ticket's own text, which goes with the ticket"

    class << self
      # @param comment [ActiveRecord::Base]
      # @return [String, nil] why it is not sent; nil for a reply. Only what the reader calls `true` is public
      # @raise [Error] when a reader fails
      def left_out(comment)
        return INTERNAL unless read(:public, comment) == true

        OPENING if read(:opening, comment)
      end

      # @param comment [ActiveRecord::Base]
      # @return [Array(String, String), nil] kind and id of its ticket
      # @raise [Error] when a reader fails
      def ticket_key(comment)
        id = read(:ticket_id, comment) || read(:ticket, comment).try(:id)
        ["support_ticket", id.to_s] if id
      end

      # @param comment [ActiveRecord::Base]
      # @return [Object, nil]
      # @raise [Error] when a reader fails
      def website_id_of(comment)
        comment.respond_to?(:website_id) ? comment.website_id : read(:ticket, comment).try(:website_id)
      end

      # @param model [Class] of comments
      # @param website_id [Object]
      # @return [ActiveRecord::Relation]
      # @raise [ConfigurationError] when there is no way from a comment to its website
      def of_website(model, website_id)
        return model.where(website_id:) if model.column_names.include?("website_id")

        way = way_to_ticket(model) or raise ConfigurationError, lost(model)
        tickets = way.klass.where(website_id:)
        model.where(way.foreign_key => tickets.select(way.association_primary_key))
      end

      # @param model [Class] of comments
      # @param website_id [Object]
      # @param ticket_id [String]
      # @return [ActiveRecord::Relation, nil] the comments in a ticket; nil when there is no way to it
      def of_ticket(model, website_id, ticket_id)
        way = way_to_ticket(model) or return
        key = way.association_primary_key
        own = way.klass.primary_key
        ticket_id = way.klass.where(own => ticket_id).select(key) unless own == key
        of_website(model, website_id).where(way.foreign_key => ticket_id)
      end

      # @param model [Class] of comments
      # @return [ActiveRecord::Reflection, nil] its `belongs_to` of the ticket
      def way_to_ticket(model)
        names = Array(readers.fetch(:ticket)).grep_v(Proc)
        names.filter_map { |name| model.reflect_on_association(name) }.find(&:belongs_to?)
      end

      private

      def read(field, comment)
        Snapshot::Reading.call(readers.fetch(field), comment) { "#{KIND} #{comment.id}, #{KIND}.#{field}" }
      end

      def readers = PwbCrm.config.readers.fetch(:comment)

      def lost(model)
        "#{model} has neither a website_id nor a belongs_to of its ticket: name that one in " \
          "PwbCrm.config.readers, comment, ticket."
      end
    end
  end
end
