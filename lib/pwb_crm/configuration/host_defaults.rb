# frozen_string_literal: true

module PwbCrm
  class Configuration
    # What is read from the host where no reader or lambda is configured. It fits PropertyWebBuilder
    # and asks before it calls anything, so that another host merely gets fewer values.
    # @api private
    module HostDefaults
      LISTING = "Pwb::ListedProperty"

      class << self
        # The `slug` of PropertyWebBuilder's websites is one literal for all, so it is never read.
        def website_slug(website)
          read(website, :subdomain) || read(website, :custom_domain) || "website-#{website.id}"
        end

        def website_name(website)
          read(website, :company_display_name) || read(website, :name)
        end

        def website_url(website)
          read(website, :primary_url)
        end

        # @return [String, nil] the public page of a property
        def property_url(property, website)
          site = website_url(website) or return
          listing = listed(property) || property
          slug = read(listing, :slug) || read(property, :slug) || property.id
          purpose = rental?(listing) ? "for-rent" : "for-sale"
          "#{site.delete_suffix("/")}/properties/#{purpose}/#{slug}/#{title_slug(property)}"
        end

        # A property has no title of its own in PropertyWebBuilder: its listings have.
        def listing_title(property)
          [listed(property), read(property, :active_sale_listing), read(property, :active_rental_listing)]
            .lazy.filter_map { |listing| read(listing, :title) }.first
        end

        # Enquiries from a property's own page name it only in the address they were sent from.
        def property_from_page(message)
          slug = read(message, :url).to_s[%r{/properties/(?:for-sale/|for-rent/)?([\w-]+)}, 1] or return
          constant(LISTING)&.find_by(slug:, website_id: read(message, :website_id))
        end

        # PropertyWebBuilder repeats what a new ticket says as its first message.
        def opening?(comment)
          ticket = read(comment, :support_ticket) || read(comment, :ticket)
          ticket && read(comment, :content) == read(ticket, :description) &&
            read(comment, :user_id) == read(ticket, :creator_id) && first?(comment, ticket)
        end

        # Runs the work of a job as the tenant's.
        def around_job(website, work)
          in_tenant = -> { as_current(website, work) }
          tenancy = constant("ActsAsTenant") or return in_tenant.call
          tenancy.with_tenant(website, &in_tenant)
        end

        def demo?(website)
          website.respond_to?(:demo?) && website.demo?
        end

        private

        def first?(comment, ticket)
          comment.class.where(support_ticket_id: ticket.id).where(created_at: ...comment.created_at).none?
        end

        def as_current(website, work)
          current = constant("Pwb::Current")
          current.respond_to?(:set) ? current.set(website:, &work) : work.call
        end

        def rental?(listing)
          for_rent = read(listing, :for_rent) || read(listing, :active_rental_listing)
          for_rent && !(read(listing, :for_sale) || read(listing, :active_sale_listing))
        end

        def title_slug(property)
          title = read(property, :title) || listing_title(property)
          slug = title.to_s.downcase.gsub(/[^[:alnum:]]+/, "-").gsub(/\A-+|-+\z/, "")
          slug.empty? ? "show" : slug
        end

        def listed(property)
          listings = constant(LISTING) or return
          property.is_a?(listings) ? property : listings.find_by(id: property.id)
        end

        def constant(name)
          Object.const_get(name)
        rescue NameError
          nil
        end

        def read(record, name)
          value = record.public_send(name) if record.respond_to?(name)
          value unless value.respond_to?(:strip) && value.strip.empty?
        end
      end
    end
    private_constant :HostDefaults
  end
end
