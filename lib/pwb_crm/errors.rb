# frozen_string_literal: true

# All errors of the gem, in one place.
#
# Each message says what happened, to which record, and what to do next. None holds a token, a query
# string or a body, so that messages can be logged and shown.
module PwbCrm
  # The root of all errors of this gem.
  class Error < StandardError
    # The {#code} of what was never begun, because the time for a whole batch was up.
    NOT_ATTEMPTED = "not_attempted"
    # The {#code} of what was never begun, because the remote asked for a pause before its turn.
    PUT_OFF = "put_off"
    # The {#code} of what was not sent, because there are no tokens to send it with for the time being.
    NO_TOKENS = "no_tokens"

    # What {#sent} may be.
    SENT = [:no, :maybe, :yes, "no", "maybe", "yes"].freeze
    private_constant :SENT

    # A remote's complaint about one field.
    Detail = Struct.new(:field, :message, keyword_init: true)

    # @return [Symbol] whether the request reached the remote: `:no` (repeat it as it is), `:maybe`
    #   (look before you repeat what is not idempotent) or `:yes` (it was answered)
    attr_reader :sent
    # @return [Integer, nil] the HTTP status, where there was an answer
    attr_reader :status
    # @return [String, nil] the remote's own code, for example "INVALID_DATA"
    attr_reader :code
    # @return [Integer, nil] seconds the remote asked us to wait
    attr_reader :retry_after
    # @return [Array<Detail>] complaints about single fields
    attr_reader :details

    # @param message [String, nil] for people; never with a secret in it. It becomes one line, so that nobody can
    #   forge another one of a log
    # @raise [ConfigurationError] for a `sent` or `details` that is none
    def initialize(message = nil, sent: :no, status: nil, code: nil, retry_after: nil, details: [])
      super(message.is_a?(String) ? Argument.one_line(message) : message)
      @sent = Argument.one_of(SENT, sent, "sent").to_sym
      @status = status
      @code = code
      @retry_after = retry_after
      @details = Argument.list(details, "details").each_with_index.map { |*detail| complaint(*detail) }.freeze
    end

    # @return [Boolean] whether the same request may succeed later
    def retryable? = false

    # @return [Boolean] whether people have to connect the account anew (after one token refresh)
    def reconnect? = false

    # @return [Boolean] false when the time for a whole batch was up, or the remote asked for a pause, before this
    #   request's turn came
    def attempted? = ![NOT_ATTEMPTED, PUT_OFF].include?(code)

    # @return [Symbol] the kind in one word, for logs and tables: `:rate_limit`, `:validation`, …
    def kind = KINDS.find { |_name, type| is_a?(type) }&.first || :error

    # @api private
    # @return [Boolean] whether the native core knows errors of this {#kind}
    def self.kind?(word) = KINDS.key?(word)

    # @return [String] what to do about it, in one sentence; see {Catalogue}
    def cure = Catalogue.of(self).cure

    # @api private
    # @param kind [Symbol, String]
    # @return [Class, nil] of errors of that kind; {Error} itself for `:error`
    def self.class_of(kind) = kind.to_sym == :error ? Error : KINDS[kind.to_sym]

    # Builds the error that the native core describes.
    #
    # @api private
    # @param attributes [Hash{Symbol => Object}] kind, message and the readers above
    # @return [Error]
    def self.build(attributes)
      kind = KINDS.fetch(attributes[:kind].to_sym, InternalError)
      kind.new(attributes[:message], **attributes.except(:kind, :message))
    end

    private

    def complaint(detail, index)
      path = "details[#{index}]"
      Argument.reading(path) { (detail in Detail) ? detail : Detail.new(**Argument.one_hash(detail, path)) }
    end
  end

  # A setting or an argument is missing or wrong. Nothing was sent.
  class ConfigurationError < Error; end

  # The remote refused the credentials: refresh the access token once, then ask people to reconnect.
  class AuthenticationError < Error
    def reconnect? = true
  end

  # The credentials are good but may not do this: a scope, a role or an edition is missing.
  class PermissionError < Error; end

  # The remote asks for a pause; see {#retry_after}.
  class RateLimitError < Error
    def retryable? = true
  end

  # The remote refuses the record as it is; see {#details}.
  class ValidationError < Error; end

  # The remote has no such record or address.
  class NotFoundError < Error; end

  # Somebody else changed the remote record meanwhile.
  class ConflictError < Error
    def retryable? = true
  end

  # The remote failed (5xx), or answered with something that is no answer (HTML, a truncated body).
  class RemoteError < Error
    def retryable? = true
  end

  # There was no connection, or it broke.
  class ConnectionError < Error
    def retryable? = true
  end

  # No answer within the deadline.
  class TimeoutError < ConnectionError; end

  # The address is not one we may call: private, loopback, or not on the list of the remote's hosts.
  class BlockedAddressError < Error; end

  # A webhook signature did not verify.
  class SignatureError < Error; end

  # A fault of this gem. Please report it.
  class InternalError < Error; end

  class Error
    KINDS = {
      configuration: ConfigurationError, authentication: AuthenticationError, permission: PermissionError,
      rate_limit: RateLimitError, validation: ValidationError, not_found: NotFoundError, conflict: ConflictError,
      remote: RemoteError, timeout: TimeoutError, connection: ConnectionError,
      blocked_address: BlockedAddressError, signature: SignatureError, internal: InternalError
    }.freeze
    private_constant :KINDS
  end
end
