# frozen_string_literal: true

module PwbCrm
  class Configuration
    # What the host app is like: its models, how their fields are read, what is left out.
    module Host
      extend Setting

      # @!attribute [rw] contact_class
      #   @return [String] the class of people who enquire; default "Pwb::Contact"
      setting :contact_class, :class_name, "Pwb::Contact"

      # @!attribute [rw] message_class
      #   @return [String] the class of enquiries; default "Pwb::Message"
      setting :message_class, :class_name, "Pwb::Message"

      # @!attribute [rw] support_ticket_class
      #   @return [String] the class of support tickets; default "Pwb::SupportTicket"
      setting :support_ticket_class, :class_name, "Pwb::SupportTicket"

      # @!attribute [rw] comment_class
      #   @return [String] the class of replies on support tickets; default "Pwb::TicketMessage"
      setting :comment_class, :class_name, "Pwb::TicketMessage"

      # @!attribute [rw] website_class
      #   @return [String] the class of tenants; default "Pwb::Website"
      setting :website_class, :class_name, "Pwb::Website"

      # @!attribute [rw] user_class
      #   @return [String] the class of users, who open tickets; default "Pwb::User"
      setting :user_class, :class_name, "Pwb::User"

      # @!attribute [rw] auto_include
      #   @return [Boolean] whether the engine includes {Integrable} into the four classes by
      #     itself; default true
      setting :auto_include, :boolean, true

      # @!attribute [rw] website_slug
      #   @return [#call] website to its short unique name (String); default the subdomain, else the
      #     custom domain, else "website-ID"
      setting :website_slug, :callable, HostDefaults.method(:website_slug)

      # @!attribute [rw] website_name
      #   @return [#call] website to the name people see (String, nil); default `company_display_name`
      setting :website_name, :callable, HostDefaults.method(:website_name)

      # @!attribute [rw] website_url
      #   @return [#call] website to the address of its public site (String, nil); default `primary_url`
      setting :website_url, :callable, HostDefaults.method(:website_url)

      # @!attribute [rw] property_url
      #   @return [#call] property and website to the public page of the property (String, nil);
      #     default PropertyWebBuilder's /properties/for-sale/… or /properties/for-rent/…
      setting :property_url, :callable, HostDefaults.method(:property_url)

      # @!attribute [rw] skip_website
      #   @return [#call] website to whether nothing of it is sent; default the demo websites
      setting :skip_website, :callable, HostDefaults.method(:demo?)

      NO_RECORD = Ractor.make_shareable(->(_record) { false })
      private_constant :NO_RECORD

      # @!attribute [rw] skip_record
      #   @return [#call] record to whether it is not sent (spam, no consent); default none
      setting :skip_record, :callable, NO_RECORD

      # @!attribute [rw] around_job
      #   @return [#call] called with the website and the work (answers `call`) around each job;
      #     default sets ActsAsTenant's tenant and Pwb::Current where the host has them
      setting :around_job, :callable, HostDefaults.method(:around_job)

      # @!attribute [rw] mirror_ids
      #   @return [Boolean] whether remote ids are also written to a record's JSON `details`, as
      #     `zoho_id` and `zendesk_id`, where it has such a column; default true
      setting :mirror_ids, :boolean, true

      # @return [Boolean] whether no record is left out, so that none need be asked about
      def skips_no_record? = skip_record.equal?(NO_RECORD)

      # @return [Hash{Symbol => Hash}] kind to field to reader, see {Readers}
      def readers = @readers || Readers::DEFAULTS

      # @param overrides [Hash{Symbol => Hash}] merged over the defaults, field by field
      # @raise [ConfigurationError] for an unknown kind, or a reader of the wrong type
      def readers=(overrides)
        @readers = Readers.merge(overrides)
      end
      settings << :readers

      # @return [Hash{Symbol => Array<String>}] kind to the columns whose change makes it worth sending
      def watched = @watched || Readers::WATCHED

      # @param overrides [Hash{Symbol => Array}] kind to columns; a kind given replaces its default
      # @raise [ConfigurationError] for an unknown kind, or something that is no list
      def watched=(overrides)
        @watched = Readers.watch(overrides)
      end
      settings << :watched
    end
  end
end
