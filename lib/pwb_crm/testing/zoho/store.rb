# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # The records of one fake organisation.
      # @api private
      class Store
        USER = { "name" => "Patricia Boyle", "id" => "5725767000000411001" }.freeze
        SYSTEM = %w[id Owner Created_Time Modified_Time Created_By Modified_By].freeze

        @organisations = 0
        @lock = Mutex.new

        # Ids of two organisations never meet, so a record that leaked from one tenant to another shows.
        def self.next_base
          @lock.synchronize { (4_150_868 + (@organisations += 1)) * 1_000_000_000_000 }
        end

        # @param clock [#call]
        def initialize(clock)
          @clock = clock
          @last_id = self.class.next_base
          @modules = Hash.new { |modules, name| modules[name] = {} }
          @holders = Holders.new
        end

        # @return [Array<Hash>] in order of creation
        def all(module_name)
          @modules[module_name].values
        end

        def find(module_name, id)
          @modules[module_name][id.to_s]
        end

        # @return [Hash, nil] the oldest record that has this value in a field, in whatever case
        def holder(module_name, field, value)
          @holders.find(module_name, field, value, all(module_name)) unless value.nil? || value == ""
        end

        def insert(module_name, fields)
          id = (@last_id += 1).to_s
          record = { "id" => id, "Owner" => USER, "Created_By" => USER, "Created_Time" => timestamp }
          @holders.added(module_name, made = touch(record.merge(fields)))
          @modules[module_name][id] = made
        end

        def update(record, fields)
          @holders.changed(fields.keys.reject { |name| record[name] == fields[name] })
          touch(record.merge!(fields))
        end

        # A deleted record takes its notes with it.
        def delete(module_name, id)
          @holders.removed(module_name)
          record = @modules[module_name].delete(id.to_s)
          notes(module_name, id).each { |note| @modules["Notes"].delete(note["id"]) } if record
          record
        end

        def notes(module_name, id)
          all("Notes").select do |note|
            note.dig("Parent_Id", "id") == id.to_s && note.dig("Parent_Id", "module", "api_name") == module_name
          end
        end

        private

        def touch(record)
          record.merge!("Modified_By" => USER, "Modified_Time" => timestamp)
        end

        # ISO 8601 with an offset, to the second.
        def timestamp
          @clock.call.getutc.strftime("%Y-%m-%dT%H:%M:%S+00:00")
        end
      end
    end
  end
end
