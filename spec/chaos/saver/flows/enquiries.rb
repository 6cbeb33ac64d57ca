# frozen_string_literal: true

module Chaos
  class Saver
    class Flows
      # Enquiries, in the host's own order: the message, then its contact, then the property.
      module Enquiries
        # Somebody known writes from their address, anybody else from their own.
        def enquiry
          contact = own("contact") if chance?(0.4)
          contact ? enquire_again(contact) : enquire_first(cast.mark("contact"))
        end

        def change_message
          message = own("message") or return enquiry
          mark = Mark.in(message.content, "e").next
          saved("message", mark) { message.tap { message.update!(content: text(mark)) } }
        end

        private

        def enquire_again(contact)
          message = write_as(contact)
          think
          rename(contact)
          go_on(message, contact)
        end

        def enquire_first(person)
          email = address(person)
          message = write(cast.mark("message").with(tenant: person.tenant), person.record, email)
          think
          go_on(message, create_contact(person, email:))
        end

        def go_on(message, contact)
          mark = Mark.in(message.content, "e")
          saved("message", mark) { message.tap { message.update!(contact:) } }
          about_property(message, mark) if chance?(0.7)
        end

        def write_as(contact)
          write(cast.mark("message").with(tenant: contact.website_id), signature(contact), contact.primary_email)
        end

        def signature(contact) = Mark.in(contact.last_name, "c").record

        # The name is signed without a version: it says nothing of the contact's.
        def write(mark, name, email)
          message = saved("message", mark) do
            Pwb::Message.create!(website_id: mark.tenant, title: "Viewing", content: text(mark),
                                 sender_name: "Ana #{name}", sender_email: email, origin_email: email,
                                 url: "https://w#{mark.tenant}.example.com/")
          end
          keep("message", message)
        end

        def about_property(message, mark)
          think
          asset = Pwb::RealtyAsset.create!(website_id: mark.tenant, reference: "R#{random.rand(100)}", slug: "villa",
                                           formatted_price: "€ 250,000")
          saved("message", mark) { message.tap { message.update!(realty_asset: asset) } }
        end

        def text(mark) = "#{mark} Is it free?"
      end
    end
  end
end
