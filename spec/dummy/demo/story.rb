# frozen_string_literal: true

require_relative "cast"
require_relative "patience"
require_relative "sabotage"

module Demo
  # A day at two websites, chapter by chapter, in PropertyWebBuilder's own save order.
  class Story
    CHAPTERS = %i[enquiry noise ticket conversation changes deletion].freeze
    ZENDESK_TICKET = %r{\A/api/v2/tickets/\d+\z}

    # @param stage [Stage]
    # @param transcript [Transcript]
    # @param checks [Checks]
    # @param fault [String, nil] see {Options}
    def initialize(stage, transcript, checks, fault:)
      @stage = stage
      @transcript = transcript
      @checks = checks
      @sabotage = Sabotage.new(fault, stage)
    end

    # Ends after the first chapter that went wrong: the later ones build on it.
    #
    # @return [void]
    # @raise [Patience::Exhausted]
    def tell
      CHAPTERS.each { |chapter| send(chapter) unless checks.failed? }
    end

    private

    attr_reader :stage, :transcript, :checks, :sabotage

    delegate :acme, :casa, :zoho, :zendesk, :webhook, :casa_webhook, to: :stage

    def enquiry
      transcript.chapter("A visitor asks acme about a property: four saves, the message before its contact")
      save_enquiry
      sabotage.before_delivery
      arrives zoho => ["POST /crm/v8/Contacts/upsert 200", "POST /crm/v8/Notes 201"],
              zendesk => ["POST /api/v2/users/create_or_update 201", "POST /api/v2/tickets 201"],
              webhook => ["contact.created 200", "message.created 200"]
      sabotage.after_delivery
    end

    def save_enquiry
      @message = save(Cast.enquiry(acme), "from nobody yet")
      @ana = save(Cast.ana(acme), "Ana Ruiz <ana@example.com>")
      save(@message, "now with its contact", contact: @ana)
      save(@message, "now with its property", realty_asset: Cast.flat(acme))
    end

    def noise
      transcript.chapter("Later saves that concern nobody outside")
      save(@message, "read in the inbox", read: true)
      save(@message, "its mail was delivered", delivery_success: true, delivered_at: Time.current)
      save(@ana, "nothing changed")
      arrives({})
    end

    def ticket
      transcript.chapter("The owner of acme opens a ticket; its first comment saves it again, as another instance")
      @ticket = save(Cast.ticket(acme), "urgent: photos do not load")
      arrives zoho => ["POST /crm/v8/Cases 201"],
              zendesk => ["POST /api/v2/users/create_or_update 201", "POST /api/v2/tickets 201"],
              webhook => ["ticket.created 200"]
    end

    def conversation
      transcript.chapter("A colleague leaves an internal note in the ticket, which never leaves, and answers its owner")
      eva = Cast.eva
      save(Cast.note(@ticket, eva), "an internal note")
      save(Cast.reply(@ticket, eva), "a public reply")
      arrives zoho => ["POST /crm/v8/Notes 201"], zendesk => ["PUT /api/v2/tickets/:id 200"],
              webhook => ["comment.created 200"]
    end

    def changes
      transcript.chapter("Changes at acme, one refused by Zendesk at first; the same visitor also writes to casa")
      zendesk.fake.fail_next(status: 409, only: method(:ticket_update?))
      save(@ticket, "resolved", status: :resolved)
      save(@ana, "another phone number", primary_phone_number: "+34 600 000 002")
      enquiry_at_casa
      arrives zoho => ["PUT /crm/v8/Cases/:id 200", "PUT /crm/v8/Contacts/:id 200"],
              zendesk => ["PUT /api/v2/tickets/:id 409", "PUT /api/v2/tickets/:id 200", "PUT /api/v2/users/:id 200"],
              webhook => ["contact.updated 200", "ticket.updated 200"],
              casa_webhook => ["contact.created 200", "message.created 200"]
    end

    def ticket_update?(request) = request.put? && ZENDESK_TICKET.match?(request.path)

    def enquiry_at_casa
      contact = save(Cast.ana(casa), "Ana Ruiz again")
      save(Cast.enquiry(casa, contact:), "from her")
    end

    def deletion
      transcript.chapter("The ticket is deleted: acme's Zoho is set to follow (deletes: delete), Zendesk keeps it")
      transcript.saved(@ticket.tap(&:destroy!), "destroyed")
      arrives zoho => ["DELETE /crm/v8/Cases/:id 200"], webhook => ["ticket.deleted 200"]
    end

    def save(record, what, **changes)
      record.update!(changes)
      transcript.saved(record, what)
      record
    end

    def arrives(expected)
      transcript.say("outbox    #{PwbCrm::Delivery.waiting.count} deliveries to make")
      Patience.until_settled
      stage.systems.each { |system| compare(system, expected.fetch(system, [])) }
    end

    # What came in since the last chapter is this and nothing else. Records of one batch are sent side
    # by side, so their order is left open.
    def compare(system, expected)
      news = system.news
      transcript.received(system, news)
      headlines = news.map { |request| system.headline(request) }
      checks.that("#{system.name}: this and nothing else", expected.sort, headlines.sort)
    end
  end
end
