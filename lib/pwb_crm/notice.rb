# frozen_string_literal: true

module PwbCrm
  # What `config.notify` is called with: that something happened to an integration which people may want to know. It
  # holds no secret and no value of a record.
  #
  # @example
  #   config.notify = ->(notice) { Slack.say("#crm", notice.to_s) unless notice.name == :dead_letter }
  Notice = Data.define(:name, :integration_id, :website_id, :platform, :label, :state, :was, :since, :why, :cure,
                       :count, :delivery_ids) do
    # @!attribute [r] name
    #   @return [Symbol] one of {Notice::NAMES}
    # @!attribute [r] label
    #   @return [String] the name that people gave the integration
    # @!attribute [r] state
    #   @return [Symbol, nil] of {Integration::Health}; `was` before
    # @!attribute [r] since
    #   @return [Time, nil]
    # @!attribute [r] why
    #   @return [String, nil] what happened
    # @!attribute [r] cure
    #   @return [String, nil] what to do
    # @!attribute [r] count
    #   @return [Integer, nil] how many dead letters
    # @!attribute [r] delivery_ids
    #   @return [Array<Integer>] of the first of them

    # @param attributes [Hash{Symbol => Object}] some of the members; `name` must be there
    def initialize(**attributes)
      super(**self.class.members.to_h { |member| [member, nil] }, delivery_ids: [], **attributes)
    end

    # @return [String] one line, in the host's language
    def subject = Words.t("notices.#{name}.subject", **words)

    # @return [String] the whole, in the host's language
    def to_s = Words.t("notices.#{name}.body", **words).squeeze(" ").strip

    private

    def words
      { integration: "#{label} (#{platform} #{integration_id})", why: why.to_s, cure: cure.to_s, count: count.to_i,
        state: state ? Words.t("health.#{state}.title") : "", since: since ? since.utc.strftime("%F %R UTC") : "" }
    end
  end

  # What `config.notify` is called with. It holds no secret and no value of a record.
  class Notice
    # What there is to tell: a change of {Integration#health}, deliveries that were given up, an endpoint that is gone
    # or out for long, another integration on the same remote account, and what came in and was not taken over.
    NAMES = %i[health_changed dead_letter endpoint_disabled shared_account inbound_failed].freeze
  end
end
