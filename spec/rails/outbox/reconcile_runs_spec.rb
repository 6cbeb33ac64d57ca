# frozen_string_literal: true

require "rails_helper"

# When a reconcile runs, from where on, and up to when.
RSpec.describe "the runs of a reconcile" do
  let(:site) { website }
  let!(:crm) { integration(site) }

  def reconcile(one = crm) = PwbCrm::Reconcile.new(one.id).call

  # On PostgreSQL insert_all gives the time at which the transaction began: the spec's own here.
  def insert(model, **attributes) = model.insert_all([{ website_id: site.id, updated_at: Time.current, **attributes }])

  describe "the watermark" do
    it "is where the last run began, and the next one looks back beyond it by the overlap" do
      configure(reconcile_overlap: 60)
      reconcile
      expect(crm.reload.reconciled_at).to be_within(5).of(Time.current)
      crm.update_columns(connected_at: 1.day.ago)

      Pwb::Contact.insert_all([{ website_id: site.id, updated_at: 50.seconds.ago },
                               { website_id: site.id, updated_at: 90.seconds.ago }])
      expect(reconcile).to eq(1)
    end

    it "stays while the integration is switched off, copied, or of a website that is left out" do
      crm.update_columns(reconciled_at: (before = 3.days.ago.floor), connected_at: 1.year.ago)
      insert(Pwb::Contact, updated_at: 2.days.ago)
      [{ active: false }, { environment: "elsewhere" }].each do |hindrance|
        was = crm.attributes.slice(*hindrance.keys.map(&:to_s))
        crm.update_columns(hindrance)
        expect(reconcile).to eq(0)
        crm.update_columns(was)
      end
      site.update!(demo_mode: true)
      expect(reconcile).to eq(0)
      expect(crm.reload.reconciled_at).to eq(before)

      site.update!(demo_mode: false)
      expect(reconcile).to eq(1)
      expect(crm.reload.reconciled_at).to be > before
    end

    it "stays where the host does not let it work as the tenant, which the integration tells" do
      crm.update_columns(reconciled_at: (before = 3.days.ago.floor))
      configure(around_job: ->(_website, _work) {})
      expect(reconcile).to eq(0)
      expect(crm.reload).to have_attributes(reconciled_at: before, status_message: /around_job did not call the work/)
    end

    it "stays if the integration is switched off or changed in between" do
      crm.update_columns(reconciled_at: (before = 3.days.ago.floor))
      configure(around_job: lambda { |_website, work|
        PwbCrm::Integration.find(crm.id).update!(sync_messages: false)
        work.call
      })
      reconcile
      expect(crm.reload.reconciled_at).to eq(before)
    end

    it "stays if a kind could not be read; the others are gone through all the same" do
      insert(Pwb::SupportTicket, id: SecureRandom.uuid, creator_id: user.id)
      stub_const("Pwb::Unread", Class.new(Pwb::Message) { default_scope { raise "oops" } })
      configure(message_class: "Pwb::Unread")
      expect { reconcile }.to raise_error("oops")
      expect(PwbCrm::Delivery.count).to eq(1)
      expect(crm.reload.reconciled_at).to be_nil
    end

    it "never goes back" do
      later = 1.hour.from_now.floor
      crm.update_columns(reconciled_at: later)
      reconcile
      expect(crm.reload.reconciled_at).to eq(later)
    end
  end

  describe "is started" do
    let(:job) { PwbCrm::IntegrationReconcileJob }

    it "for each integration by a job of its own" do
      integration(website, active: false)
      expect { job.perform_now }.to have_enqueued_job(job).exactly(:once).with(crm.id)
      insert(Pwb::Contact)
      expect { job.perform_now(crm.id) }.to change(PwbCrm::Delivery.waiting, :count).by(1)
    end

    it "when an integration is switched on again, or adopted" do
      expect { crm.update!(active: false) }.not_to have_enqueued_job(job)
      expect { crm.update!(name: "Off") }.not_to have_enqueued_job(job)
      expect { crm.update!(active: true) }.to have_enqueued_job(job).with(crm.id)
      expect { crm.update!(name: "On") }.not_to have_enqueued_job(job)
      crm.update_columns(environment: "elsewhere")
      expect { crm.reload.adopt! }.to have_enqueued_job(job).with(crm.id)
    end

    it "of all that was saved while a kind was switched off, once it is switched on" do
      configure(reconcile_overlap: 0)
      crm.update!(sync_contacts: false)
      missed = contact(site)
      PwbCrm::Reconcile.call
      expect { crm.reload.update!(sync_contacts: true) }
        .to have_enqueued_job(PwbCrm::IntegrationReconcileJob).with(crm.id)
      expect { crm.reload.update!(sync_messages: false) }.not_to have_enqueued_job
      PwbCrm::Reconcile.call
      expect(PwbCrm::Delivery.waiting.pluck(:record_id)).to eq([missed.id.to_s])
    end

    it "in this process, where one tenant's fault stops nobody else" do
      other = integration(neighbour = website)
      [site, neighbour].each { |owner| insert(Pwb::Contact, website_id: owner.id) }
      configure(around_job: ->(website, work) { website == site ? raise("oops") : work.call })
      expect(PwbCrm::Reconcile.call).to eq(1)
      expect(PwbCrm::Delivery.sole.integration).to eq(other)
    end
  end
end
