# frozen_string_literal: true

require "logger"
require "stringio"

module PwbCrm
  module Testing
    class ProviderTrial
      # What is written down while a block runs: to the log, and to where puts and warn write.
      #
      # @api private
      module Hearing
        class << self
          # @return [Array(Object, String)] what the block gives, and all that was written
          def of(&)
            heard = StringIO.new
            result = logged(heard) { printed(heard, &) }
            [result, heard.string]
          end

          private

          def logged(heard)
            ear = Logger.new(heard)
            Rails.logger.broadcast_to(ear)
            yield
          ensure
            Rails.logger.stop_broadcasting_to(ear)
          end

          def printed(heard)
            before = [$stdout, $stderr]
            $stdout = $stderr = heard
            yield
          ensure
            $stdout, $stderr = before
          end
        end
      end
    end
  end
end
