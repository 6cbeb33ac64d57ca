# frozen_string_literal: true

module PwbCrm
  # Dead letters as the rake tasks name and show them. For code: {Delivery.replay} and {Delivery.discard}.
  #
  # @api private
  module DeadLetters
    class << self
      # @param env [Hash{String => String}] as in {Selection#call}
      # @return [ActiveRecord::Relation<Delivery>]
      # @raise [ConfigurationError]
      def selection(env) = selector.call(env)

      # @param env [Hash{String => String}] as in {Selection#chosen}
      # @return [ActiveRecord::Relation<Delivery>]
      # @raise [ConfigurationError]
      def chosen(env) = selector.chosen(env)

      # @param rows [ActiveRecord::Relation<Delivery>]
      # @yieldparam lines [String] about one of them
      # @return [void]
      def each_told(rows)
        rows.includes(:integration).find_each { |delivery| yield(told(delivery)) }
      end

      private

      def selector = Selection.new(Delivery, one: "delivery", all: "dead letters", list: "dead")

      def told(delivery)
        "#{delivery.id}  #{delivery.label}, #{delivery.action}, #{delivery.integration.label}  #{delivery.state} " \
          "since #{(delivery.settled_at || delivery.updated_at).utc.iso8601}, #{delivery.attempts} attempt(s), " \
          "#{delivery.error_code || "no code"}\n    #{delivery.error_message}"
      end
    end
  end
end
