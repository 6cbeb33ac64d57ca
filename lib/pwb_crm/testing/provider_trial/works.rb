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
        CHANGED = { "contact" => %i[first_name last_name].freeze,
                    "support_ticket" => %i[subject description].freeze }.freeze
        # And what they write there.
        WORDS = { first_name: "Said", subject: "Said", last_name: "Meant", description: "Meant" }.freeze
        # Three digits each, so that no record's words are the beginning of another's.
        FIRST = 100
        private_constant :KINDS, :TOLD, :CHANGED, :WORDS, :FIRST

        # @param website_id [Object]
        def initialize(website_id)
          @website_id = website_id
          @count = FIRST
        end

        # @param kind [String]
        # @param parent [Hash, nil] where the ticket of a reply is
        # @param author [Hash, nil] where the person is who wrote it
        # @return [Hash] of a record that the remote does not know
        # @raise [UsageError] for a kind there is none of
        def make(kind, parent, author)
          number = @count += 1
          { key: "k#{number}", action: "upsert", doubt: false, event_id: "msg_kit#{number}",
            reference: "PWB-kit#{number}", occurred_at: Time.now.utc.iso8601(3), link: nil, parent:, author:,
            website: { id: @website_id, slug: "kit" }, record: { kind:, id: number.to_s, **record(kind, number) } }
        end

        # @return [Hash] the work with other fields of its record
        def with(work, **fields) = work.merge(record: work[:record].merge(fields))

        # @return [Hash] the work after a change of all that people change
        def changed(work) = written(work, CHANGED.fetch(work[:record][:kind]))

        # @return [Hash] the work after a change of what it is known by
        def renamed(work) = written(work, CHANGED.fetch(work[:record][:kind]).first(1))

        # @return [Hash] the work that deletes its record
        def deleting(work) = later(work.merge(action: "delete"))

        # @return [Hash] the work that erases its record, of which it has no more than the id
        def erasing(work) = later(work.merge(action: "erase", record: work[:record].slice(:kind, :id)))

        # @return [String] what has to be at the remote once it is sent
        def words(work)
          work[:record].values_at(:first_name, :subject).find { |value| value.to_s.start_with?("Said otherwise") } ||
            work[:record].fetch(TOLD.fetch(work[:record][:kind]))
        end

        # @param kind [String]
        # @return [Boolean] whether it is sent again when it changes
        def changes?(kind) = CHANGED.key?(kind)

        # @return [Array<String>] what may be nowhere at the remote once its record is erased
        def personal(work)
          record = work[:record]
          [words(work), *(record.values_at(:first_name, :last_name, :phone) if record[:kind] == "contact")]
        end

        private

        def written(work, fields)
          later(with(work, **fields.to_h { |field| [field, "#{WORDS.fetch(field)} otherwise #{work[:key]}"] }))
        end

        # What happens to a record is another event each time.
        def later(work) = work.merge(event_id: "#{work[:event_id]}-later")

        def record(kind, number)
          case kind
          when "contact" then { **person(number).except(:id), phone: "+34 600 555 #{number}" }
          when "message" then { text: "Is it free? #{number}", contact: person(number) }
          when "support_ticket" then ticket(number)
          when "comment" then { ticket_id: "1", body: "It is mended #{number}", public: true, author: person(number),
                                created_at: Time.now.utc.iso8601(3) }
          else raise UsageError, "The examples know no #{kind.inspect}: kinds are #{KINDS.join(", ")}."
          end
        end

        def person(number)
          { id: number.to_s, email: "ana#{number}@example.com", first_name: "Ana#{number}", last_name: "Ruiz#{number}" }
        end

        def ticket(number)
          { subject: "Broken #{number}", description: "It is blank #{number}", status: "open", number: "T-#{number}",
            requester: person(number) }
        end
      end
    end
  end
end
