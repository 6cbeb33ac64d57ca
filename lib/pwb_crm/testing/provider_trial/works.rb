# frozen_string_literal: true

require "time"

module PwbCrm
  module Testing
    class ProviderTrial
      # Works as the engine makes them, each of a record of its own, and the words by which it is known at the remote.
      #
      # @api private
      class Works
        KINDS = %w[contact message support_ticket comment].freeze
        # What of a record has to be at the remote.
        TOLD = { "contact" => :email, "message" => :text, "support_ticket" => :subject, "comment" => :body }.freeze
        # What people change, of the kinds that are sent again when they do.
        CHANGED = { "contact" => :first_name, "support_ticket" => :subject }.freeze
        # Three digits each, so that no record's words are the beginning of another's.
        FIRST = 100
        private_constant :KINDS, :TOLD, :CHANGED, :FIRST

        # @param website_id [Object]
        def initialize(website_id)
          @website_id = website_id
          @count = FIRST
        end

        # @param kind [String]
        # @param parent [Hash, nil] where the ticket of a reply is
        # @return [Hash] of a record that the remote does not know
        # @raise [UsageError] for a kind there is none of
        def make(kind, parent)
          number = @count += 1
          { key: "k#{number}", action: "upsert", doubt: false, event_id: "msg_kit#{number}",
            reference: "PWB-kit#{number}", occurred_at: Time.now.utc.iso8601(3), link: nil, parent:,
            website: { id: @website_id, slug: "kit" }, record: { kind:, id: number.to_s, **record(kind, number) } }
        end

        # @return [Hash] the work with other fields of its record
        def with(work, **fields) = work.merge(record: work[:record].merge(fields))

        # @return [Hash] the work after a change
        def changed(work) = later(with(work, changed_field(work) => "Said otherwise #{work[:key]}"))

        # @return [Hash] the work that deletes its record
        def deleting(work) = later(work.merge(action: "delete"))

        # @return [Hash] the work that erases its record, of which it has no more than the id
        def erasing(work) = later(work.merge(action: "erase", record: work[:record].slice(:kind, :id)))

        # @return [String] what has to be at the remote once it is sent
        def words(work)
          work[:record].values_at(*CHANGED.values).find { |value| value.to_s.start_with?("Said otherwise") } ||
            work[:record].fetch(TOLD.fetch(work[:record][:kind]))
        end

        # @param kind [String]
        # @return [Boolean] whether it is sent again when it changes
        def changes?(kind) = CHANGED.key?(kind)

        # @return [Array<String>] what may be nowhere at the remote once its record is erased
        def personal(work)
          record = work[:record]
          [words(work), *([record[:first_name]] if record[:kind] == "contact")]
        end

        private

        # What happens to a record is another event each time.
        def later(work) = work.merge(event_id: "#{work[:event_id]}-later")

        def changed_field(work) = CHANGED.fetch(work[:record][:kind])

        def record(kind, number)
          case kind
          when "contact" then person(number).except(:id)
          when "message" then { text: "Is it free? #{number}", contact: person(number) }
          when "support_ticket" then ticket(number)
          when "comment" then { ticket_id: "1", body: "It is mended #{number}", public: true, author: person(number),
                                created_at: Time.now.utc.iso8601(3) }
          else raise UsageError, "The examples know no #{kind.inspect}: kinds are #{KINDS.join(", ")}."
          end
        end

        def person(number)
          { id: number.to_s, email: "ana#{number}@example.com", first_name: "Ana#{number}", last_name: "Ruiz" }
        end

        def ticket(number)
          { subject: "Broken #{number}", description: "It is blank", status: "open", number: "T-#{number}",
            requester: person(number) }
        end
      end
    end
  end
end
