# frozen_string_literal: true

module Chaos
  class Saver
    class Flows
      # Transactions of several records, nested ones, and those that come to nothing.
      module Transactions
        # All of it is undone.
        def rolled_back
          contact = own("contact") or return new_contact
          Pwb::Contact.transaction do
            rename(contact, doomed: true)
            raise ActiveRecord::Rollback
          end
        end

        def rolled_back_creation
          Pwb::Contact.transaction do
            contact = create_contact
            write_as(contact)
            raise ActiveRecord::Rollback
          end
          forget
        end

        # The inner one is undone, the outer one is not.
        def savepoint
          outer = own("contact") or return new_contact
          Pwb::Contact.transaction do
            rename(outer)
            Pwb::Contact.transaction(requires_new: true) do
              chance?(0.5) ? rename(outer, doomed: true) : create_contact
              raise ActiveRecord::Rollback
            end
            new_ticket if chance?(0.4)
          end
          forget
        end

        # Without a savepoint of its own the inner rollback is swallowed, and all of it is committed.
        def swallowed_rollback
          contact = own("contact") or return new_contact
          Pwb::Contact.transaction do
            Pwb::Contact.transaction do
              rename(contact)
              raise ActiveRecord::Rollback
            end
          end
        end

        # Several records that others change as well, in random order: hosts deadlock by themselves here.
        def many_in_one
          ids = cast.shared(random.rand(2..5))
          Pwb::Contact.transaction do
            ids.each do |id|
              rename(Pwb::Contact.lock.find(id))
              think(0.01)
            end
          end
        end

        # A contact, its enquiry and a ticket at once.
        def mixed
          Pwb::Contact.transaction do
            contact = create_contact
            message = write_as(contact)
            saved("message", Mark.in(message.content, "e")) { message.tap { message.update!(contact:) } }
            new_ticket
            rename(contact) if chance?(0.5)
          end
        end
      end
    end
  end
end
