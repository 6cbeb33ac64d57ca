# frozen_string_literal: true

module PwbCrm
  # What became of one record.
  #
  # @example
  #   outcome = zoho.upsert("Contacts", [{ last_name: "Ruiz" }]).first
  #   outcome.success? ? outcome.id : outcome.error.message
  class Outcome
    # One request that was made, told without values: names of fields, never what was in them. `records` is how many
    # deliveries shared it, `limits` what its answer told of the remote's limits, both nil where nobody says.
    Call = Struct.new(:method, :path, :status, :duration_ms, :sent, :fields, :error_code, # rubocop:disable Lint/StructNewOverride -- the word for it
                      :records, :limits, keyword_init: true) do
      def initialize(sent: :no, **) = super(sent: sent.to_sym, **)
    end

    # A remote record found or made on the way; role "parent" is the person behind a message or ticket.
    RelatedLink = Struct.new(:role, :external_type, :external_id, keyword_init: true)

    MEMBERS = %i[
      key id external_type action status reason error shadow mapping_version remote_version request_id links calls code
    ].freeze
    STATUSES = %i[succeeded skipped failed].flat_map { |word| [word, word.name] }.freeze
    NONE = [].freeze
    private_constant :MEMBERS, :STATUSES, :NONE

    class << self
      # @param key [String]
      # @param reason [String] for people
      # @param code [String, nil] the reason in one word
      # @return [Outcome] of what was not sent
      def skipped(key, reason, code: nil) = new(key:, status: :skipped, reason:, code:)

      # @param key [String]
      # @param error [Error]
      # @return [Outcome] of what did not work
      # @raise [ConfigurationError] for what is no {Error}
      def failed(key, error)
        raise ConfigurationError, "error must be a PwbCrm::Error, but is a #{error.class}." unless error.is_a?(Error)

        told = %i[kind message sent status code retry_after].to_h { |name| [name, error.public_send(name)] }
        new(key:, status: :failed, error: { **told, details: error.details.map(&:to_h) })
      end
    end

    # @return [String] the name of the delivery as it was handed over, or the record's index
    attr_reader :key
    # @return [String, nil] the remote id
    attr_reader :id
    # @return [String, nil] the remote module or resource, for example "Contacts" or "ticket"
    attr_reader :external_type
    # @return [Symbol, nil] `:created`, `:updated`, `:unchanged` or `:deleted`
    attr_reader :action
    # @return [Symbol] `:succeeded`, `:skipped` or `:failed`
    attr_reader :status
    # @return [String, nil] why it was skipped, or what becomes of what failed
    attr_reader :reason
    # @return [Error, nil] why it failed
    attr_reader :error
    # @return [Hash{String => String}, nil] keyed hashes of what the remote is now known to hold
    attr_reader :shadow
    # @return [String, nil] the mapping that wrote the shadow
    attr_reader :mapping_version
    # @return [String, nil] the remote's own version of the record
    attr_reader :remote_version
    # @return [String, nil] the remote's name for the last request, to quote to its support
    attr_reader :request_id
    # @return [Array<RelatedLink>]
    attr_reader :links
    # @return [Array<Call>]
    attr_reader :calls
    # @return [String, nil] why it was skipped, in one word; what failed has its {#error}'s
    attr_reader :code

    # @param attributes [Hash{Symbol => Object}] by the names of the readers; `status` must be there
    # @raise [ConfigurationError] for one that is malformed, by its name
    def initialize(attributes)
      attributes = Argument.one_hash(attributes, "attributes")
      known = { **attributes, status: Argument.one_of(STATUSES, attributes[:status], "status").to_sym,
                              action: read(attributes, :action, &:to_sym),
                              error: read(attributes, :error) { |error| Error.build(error) },
                              links: list(RelatedLink, attributes, :links), calls: list(Call, attributes, :calls) }
      take(*MEMBERS.map { |name| known[name].freeze })
    end

    # rubocop:disable Metrics/MethodLength, Metrics/ParameterLists

    # What the native core fills an outcome with (ext/pwb_crm/src/outcomes.rs), one by one: a list would take longer.
    #
    # @api private
    # @return [self] frozen, as the members are
    def take(key, id, external_type, action, status, reason, error, shadow, mapping_version, remote_version, request_id,
             links, calls, code = nil)
      @key = key
      @id = id
      @external_type = external_type
      @action = action
      @status = status
      @reason = reason
      @error = error
      @shadow = shadow
      @mapping_version = mapping_version
      @remote_version = remote_version
      @request_id = request_id
      @links = links || NONE
      @calls = calls
      @code = code
      freeze
    end
    # rubocop:enable Metrics/MethodLength, Metrics/ParameterLists

    # @return [Boolean] whether the remote holds what it should; true for skipped ones, too, where
    #   it already did ({#action} is `:unchanged`)
    def success? = status == :succeeded || action == :unchanged

    # @return [Boolean] whether nothing was sent; {#reason} says why
    def skipped? = status == :skipped

    # @return [Boolean] whether it did not work; {#error} says why
    def failed? = status == :failed

    # @api private
    # @param reason [String] for people
    # @return [Outcome] the same with a reason
    def because(reason)
      dup.tap { |copy| copy.instance_variable_set(:@reason, reason.freeze) }.freeze
    end

    # @api private
    # @param error [Error]
    # @return [Outcome] the same with another error
    def failing_with(error)
      dup.tap { |copy| copy.instance_variable_set(:@error, error) }.freeze
    end

    # @api private
    # @param earlier [Outcome] of another try that led to this one
    # @return [Outcome] the same with the calls of both
    def after(earlier)
      dup.tap { |copy| copy.instance_variable_set(:@calls, [*earlier.calls, *calls].freeze) }.freeze
    end

    # @return [String] what happened, without the shadow
    def inspect
      parts = [status, action, external_type, id, reason, error&.message].compact
      "#<#{self.class} #{key.inspect} #{parts.join(" ")}>"
    end

    private

    def list(struct, attributes, name)
      read(attributes, name) { |items| items.map { |item| struct.new(**item).freeze }.freeze } || NONE
    end

    def read(attributes, name, &)
      Argument.reading(name) { attributes[name]&.then(&) }
    end
  end
end
