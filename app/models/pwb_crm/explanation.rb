# frozen_string_literal: true

module PwbCrm
  # Why a record was sent or not, step by step: see {PwbCrm.explain}. It writes nothing and asks no remote.
  class Explanation
    # One thing that had to be so. `passed` is false where it is what keeps the record from having arrived; `said` is
    # for people.
    Step = Data.define(:name, :passed, :said) do
      # @return [String]
      def to_s = "#{passed ? "ok" : "no"}  #{name}: #{said}"
    end

    # What there is to say about one integration: the steps to the first "no", and the latest attempts, newest first.
    Answer = Data.define(:integration, :steps, :history) do
      # @return [Boolean] whether it was sent, and nothing has to follow
      def sent? = steps.all?(&:passed)

      # @return [String] the last step's words
      def verdict = steps.last.said

      # @return [String]
      def to_s
        told = ["#{integration.label}: #{verdict}", *steps.map { |step| "    #{step}" }]
        told << "    attempts:" if history.any?
        [*told, *history.map { |line| "      #{line}" }].join("\n")
      end

      # @return [Hash{Symbol => Object}]
      def to_h = { integration_id: integration.id, sent: sent?, verdict:, steps: steps.map(&:to_h), history: }
    end

    # @return [String] for example "contact 12"
    attr_reader :label
    # @return [Array<Step>] what has nothing to do with a certain integration
    attr_reader :common
    # @return [Array<Answer>] one for each integration; none where a common step says "no"
    attr_reader :answers

    # @api private
    # @param kind [String]
    # @param id [Object]
    # @return [ActiveRecord::Base, Gone]
    # @raise [ConfigurationError] for a kind that there is not, or an id of which nothing is known
    def self.subject(kind, id)
      record = Kinds.find(kind, id) and return record

      gone = Gone.new(kind:, id:)
      return gone if gone.integrations.exists?

      raise ConfigurationError, "There is no #{kind} #{id}, and nothing is known of one that was."
    end

    # @api private
    # @param record [ActiveRecord::Base, Gone]
    # @param integration [Integration, nil] only this one
    def initialize(record, integration: nil)
      ApplicationRecord.uncached do
        first = (record.is_a?(Gone) ? GoneSteps : WebsiteSteps).new(record, integration)
        @label = first.label
        @common = first.steps
        @answers = @common.all?(&:passed) ? first.integrations.map { |one| answer(record, one) } : []
      end
    end

    # @return [Array<Step>] all of them, in order
    def steps = common + answers.flat_map(&:steps)

    # @return [Boolean] whether it was sent wherever it is to be
    def sent? = answers.any? && answers.all?(&:sent?)

    # @return [String] for each integration what the matter is, a line each
    def verdict
      return common.last.said if answers.empty?

      answers.map { |answer| "#{answer.integration.label}: #{answer.verdict}" }.join("\n")
    end

    # @return [String] all of it, for people
    def to_s = [label, *common.map { |step| "  #{step}" }, *answers.map { |one| one.to_s.gsub(/^/, "  ") }].join("\n")

    # @return [Hash{Symbol => Object}] the same for a page
    def to_h = { label:, sent: sent?, verdict:, common: common.map(&:to_h), answers: answers.map(&:to_h) }

    # @return [String]
    def inspect = "#<#{self.class} #{verdict}>"

    private

    def answer(record, integration)
      connection = ConnectionSteps.new(record, integration)
      steps = connection.steps
      steps += DeliverySteps.new(record, integration).steps if steps.all?(&:passed)
      Answer.new(integration:, steps:, history: History.new(connection.kind, record.id, integration).lines)
    end
  end
end
