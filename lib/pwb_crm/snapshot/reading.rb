# frozen_string_literal: true

module PwbCrm
  class Snapshot
    # Applies a configured reader to a record.
    module Reading
      class << self
        # @param reader [Symbol, String, #call, Array] see {Configuration::Readers}
        # @param record [Object]
        # @param where [String] which field of which record, for the error message
        # @return [Object, nil] the first value that is not blank
        # @raise [ConfigurationError] when a reader raises; the message shows no values
        def call(reader, record, where:)
          Array(reader).lazy.map { |one| read(one, record) }.find { |value| filled?(value) }
        rescue ActiveRecord::ActiveRecordError
          # The database's fault, not the reader's: the whole batch is tried again later.
          raise
        rescue StandardError => e
          raise ConfigurationError, "#{where}: its reader raised #{e.class}. Correct it in PwbCrm.config.readers, " \
                                    "then save the record again."
        end

        private

        def read(reader, record)
          return reader.call(record) if reader.respond_to?(:call)

          record.public_send(reader) if record.respond_to?(reader)
        rescue ArgumentError, EncodingError => e
          # A host's method that stumbles over bytes that are no text: the next reader, or none, has to do.
          raise unless e.is_a?(EncodingError) || e.message.start_with?("invalid byte sequence")
        end

        # False is a value.
        def filled?(value)
          return !value.strip.empty? if value.is_a?(String) && value.valid_encoding?

          !value.nil?
        end
      end
    end
  end
end
