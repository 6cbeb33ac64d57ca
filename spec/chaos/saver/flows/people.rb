# frozen_string_literal: true

module Chaos
  class Saver
    class Flows
      # Contacts.
      module People
        # One in three gives no e-mail address.
        NAMELESS = 0.3
        DOOMED = 100_000

        def new_contact = create_contact

        def change_contact
          contact = own("contact") or return new_contact
          rename(contact)
        end

        # A to B to A, in saves of their own or in one transaction: what arrives at the end is A.
        def there_and_back
          contact = own("contact") or return new_contact
          before = contact.primary_phone_number
          change = proc do
            rephone(contact, "+34 9")
            think(0.8) if chance?(0.5)
            rephone(contact, before)
          end
          chance?(0.3) ? Pwb::Contact.transaction(&change) : change.call
        end

        # Columns nobody outside is told of.
        def noise
          contact = own("contact")
          message = own("message")
          touch(contact, "c", details: { "seen" => random.rand(1000) }) if contact
          touch(message, "e", read: !message.read) if message
        end

        # In one transaction, one after the other, as `destroy_all` does.
        def destroy_some
          kinds = Mark::KINDS.keys.sample(2, random:)
          Pwb::Contact.transaction { kinds.each { |kind| destroy_of(kind) } }
          kinds.each { |kind| cast.clear_gone(kind) { |id| PwbCrm::Kinds.class_of(kind).exists?(id) } }
        end

        # Noted on request, without a save.
        def tracked
          contact = own("contact") or return
          PwbCrm.track(contact)
        end

        private

        def create_contact(mark = cast.mark("contact"), email: address(mark), model: twin)
          contact = saved("contact", mark) do
            model.create!(website_id: mark.tenant, first_name: "Ana", last_name: mark.to_s, primary_email: email,
                          primary_phone_number: "+34 #{random.rand(1000)}")
          end
          keep("contact", contact)
        end

        def address(mark) = ("#{mark.record}@example.com" unless chance?(NAMELESS))

        # Some are saved under the host's other name for the same table.
        def twin = chance?(0.1) ? PwbTenant::Contact : Pwb::Contact

        # What is to be undone bears a number that no committed change ever does.
        def rename(contact, doomed: false)
          mark = Mark.in(contact.last_name, "c").next
          mark = mark.with(version: mark.version + DOOMED) if doomed
          saved("contact", mark) { contact.tap { contact.update!(last_name: mark.to_s) } }
        end

        def rephone(contact, number)
          saved("contact", Mark.in(contact.last_name, "c")) do
            contact.tap do
              contact.update!(primary_phone_number: number)
            end
          end
        end

        # A change that leaves the version as it is.
        def touch(record, letter, **columns)
          kind = Mark::KINDS.key(letter)
          saved(kind, mark_of(kind, record)) { record.tap { record.update!(columns) } }
        end

        def destroy_of(kind) = cast.some(kind, random.rand(1..2)).each { |id| destroy(kind, id) }

        def destroy(kind, id)
          record = PwbCrm::Kinds.class_of(kind).find_by(id:) or return
          account.note(kind, mark_of(kind, record), "destroy") { record.destroy! }
        end

        def mark_of(kind, record)
          text = { "contact" => :last_name, "message" => :content, "support_ticket" => :subject }.fetch(kind)
          Mark.in(record.public_send(text), Mark::KINDS.fetch(kind))
        end
      end
    end
  end
end
