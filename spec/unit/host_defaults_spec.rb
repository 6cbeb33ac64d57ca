# frozen_string_literal: true

require_relative "support/fresh_config"

RSpec.describe "What is read from the host by default", :fresh_config do
  let(:website) do
    Struct.new(:id, :subdomain, :custom_domain, :slug, :primary_url)
          .new(7, "acme", "acme.example", "website", "https://acme.example/")
  end
  let(:asset) { Struct.new(:id, :slug, :title, :for_rent, :for_sale, keyword_init: true) }

  it "names a website by its subdomain, its domain, else its id, never by its slug" do
    names = [website, website.dup.tap { |w| w.subdomain = "" },
             website.dup.tap do |w|
               w.subdomain = w.custom_domain = nil
             end].map { |site| PwbCrm.config.website_slug.call(site) }
    expect(names).to eq(%w[acme acme.example website-7])
  end

  it "links to a property's public page" do
    rented = asset.new(id: 1, slug: "sea-view", title: "Sea view: 2 rooms!", for_rent: true, for_sale: false)
    sold = asset.new(id: 2)
    links = [rented, sold].map { |property| PwbCrm.config.property_url.call(property, website) }
    expect(links).to eq(["https://acme.example/properties/for-rent/sea-view/sea-view-2-rooms",
                         "https://acme.example/properties/for-sale/2/show"])
  end

  it "links to nothing where the website has no address" do
    website.primary_url = nil
    expect(PwbCrm.config.property_url.call(asset.new(id: 1), website)).to be_nil
  end

  it "reads titles and properties from the host's listings where it has them" do
    listings = Class.new(Struct.new(:id, :slug, :title)) do
      def self.find_by(id: nil, slug: nil, website_id: nil)
        new(id || 3, slug, "From the view") if id || website_id == 7
      end
    end
    stub_const("Pwb::ListedProperty", listings)
    message = Struct.new(:url, :website_id).new("https://acme.example/properties/for-sale/sea-view/x", 7)
    readers = PwbCrm.config.readers
    expect(readers[:message][:property].last.call(message)).to have_attributes(slug: "sea-view")
    expect(readers[:property][:title].last.call(asset.new(id: 1))).to eq("From the view")
  end

  it "takes demo sites for not worth sending, and no record for spam" do
    demo = Struct.new(:demo?).new(true)
    expect(PwbCrm.config.skip_website.call(demo)).to be(true)
    expect(PwbCrm.config.skip_website.call(website)).to be(false)
    expect(PwbCrm.config.skip_record.call(Object.new)).to be(false)
  end

  it "runs a job as the tenant's where the host has tenants, and plainly where not" do
    expect(PwbCrm.config.around_job.call(website, -> { :done })).to eq(:done)
    seen = []
    stub_const("ActsAsTenant", Module.new.tap do |tenancy|
      tenancy.define_singleton_method(:with_tenant) { |tenant, &work| [seen << tenant.id, work.call].last }
    end)
    stub_const("Pwb::Current", Module.new.tap do |current|
      current.define_singleton_method(:set) { |website:, &work| [seen << website.id, work.call].last }
    end)
    expect(PwbCrm.config.around_job.call(website, -> { :done })).to eq(:done)
    expect(seen).to eq([7, 7])
  end
end
