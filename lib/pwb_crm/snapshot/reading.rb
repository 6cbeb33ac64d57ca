# frozen_string_literal: true

module PwbCrm
  class Snapshot
    # Applies what the host configured, readers and lambdas, to a record.
    #
    # @api private
    module Reading
      class << self
        # @param reader [Symbol, String, #call, Array] see {Configuration::Readers}
        # @param record [Object]
        # @yieldreturn [String] which field of which record, for the error message
        # @return [Object, nil] the first value that is not blank
        # @raise [ConfigurationError] when a reader raises; the message shows no values
        # @raise [ConnectionError] when the host's database fails it
        def call(reader, record)
          reader.is_a?(Array) ? first_filled(reader, record) : filled(read(reader, record))
        rescue StandardError => e
          raise fault(e, "#{yield}: its reader", "it in PwbCrm.config.readers")
        end

        # Asks a configured lambda about a record.
        #
        # @param name [Symbol] for example :skip_record
        # @param record [ActiveRecord::Base]
        # @return [Object] what the lambda says
        # @raise [ConfigurationError] when it raises, naming the setting; the message shows no values
        # @raise [ConnectionError] when the host's database fails it
        def setting(name, record)
          PwbCrm.config.public_send(name).call(record)
        rescue StandardError => e
          raise fault(e, "PwbCrm.config.#{name}", "it")
        end

        # Turns a fault of the host's database, a view that is not there yet for one, into an error that
        # passes: the record is tried again later, and others are not held up.
        #
        # @param what [String] what the database was asked for, for the error message
        # @return [Object] what the block gives
        # @raise [ConnectionError]
        def database_guarded(what)
          yield
        rescue ActiveRecord::ActiveRecordError => e
          raise database_fault(e, what)
        end

        private

        def fault(error, what, place)
          case error
          when Error then error
          when ActiveRecord::ActiveRecordError then database_fault(error, what)
          else ConfigurationError.new("#{what} raised #{error.class}. Correct #{place}.")
          end
        end

        def database_fault(error, what)
          ConnectionError.new("#{what} met a fault of the database (#{error.class}); it will be tried again. " \
                              "If it stays, see the app's log.", code: "host_database")
        end

        def first_filled(readers, record)
          readers.each do |reader|
            value = filled(read(reader, record))
            return value unless value.nil?
          end
          nil
        end

        def read(reader, record)
          return reader.call(record) if reader.respond_to?(:call)

          record.public_send(reader) if record.respond_to?(reader)
        rescue ArgumentError, EncodingError => e
          # A host's method that stumbles over bytes that are no text: the next reader, or none, has to do.
          raise unless e.is_a?(EncodingError) || e.message.start_with?("invalid byte sequence")
        end

        # False is a value, blank text is none.
        def filled(value)
          value unless value.is_a?(String) && value.valid_encoding? && value.strip.empty?
        end
      end
    end
  end
end
