# frozen_string_literal: true

module PwbCrm
  class Integration
    class Renewal
      # Whether tokens may be renewed at all. A copied database must not: the tokens of the original would die.
      #
      # @api private
      module Permission
        ROLLBACK = "A transaction is open, and rolling it back would lose them: renew them after it has ended."
        NOTHING = "It has no refresh token, or lacks the client's id or secret."
        # Seconds for an open transaction to end.
        PAUSE = 5
        BARRED = %i[disconnected copied unreadable unknown_platform].freeze
        private_constant :BARRED, :ROLLBACK, :NOTHING, :PAUSE

        class << self
          # @param integration [Integration]
          # @raise [ConfigurationError] when nothing may be sent
          # @raise [ConflictError] inside a transaction of the host
          # @raise [AuthenticationError] when there is nothing to renew with
          def check(integration)
            reason = reason_against(integration)
            refuse(integration, ConfigurationError, reason) if reason
            refuse(integration, AuthenticationError, NOTHING) unless integration.renewable?
            wait_for_commit(integration) if ApplicationRecord.current_transaction.open?
          end

          private

          def reason_against(integration)
            return "#{Switch::OFF}." unless Switch.on?

            integration.status_message if BARRED.include?(integration.status)
          end

          def wait_for_commit(integration)
            integration.hold_off(PAUSE, ROLLBACK, code: "tokens") unless integration.held_off?
            refuse(integration, ConflictError, ROLLBACK)
          end

          def refuse(integration, kind, reason)
            raise kind, "The tokens of #{integration.label} are not renewed. #{reason}"
          end
        end
      end
    end
  end
end
