# frozen_string_literal: true

module PwbCrm
  # Asks a configured lambda about a host's record.
  module Setting
    # @param name [Symbol] for example :skip_record
    # @param record [ActiveRecord::Base]
    # @return [Object] what the lambda says
    # @raise [ConfigurationError] when it raises, naming the setting; the message shows no values
    def self.ask(name, record)
      PwbCrm.config.public_send(name).call(record)
    rescue ActiveRecord::ActiveRecordError
      # The database's fault, not the lambda's: the whole batch is tried again later.
      raise
    rescue StandardError => e
      raise ConfigurationError, "PwbCrm.config.#{name} raised #{e.class}. Correct it, then save the record again."
    end
  end
end
