# frozen_string_literal: true

require "rails_helper"

# Real transactions of the host's, and what other connections do to them meanwhile.
RSpec.describe "a transaction of the host's", :committed, :postgresql do
  include_context "with an error reporter"

  let(:site) { website }
  let!(:crm) { integration(site) }

  def reported_classes = reported.errors.map(&:class).uniq

  def database = ActiveRecord::Base.lease_connection

  def aside(&) = Thread.new { Rails.application.executor.wrap(&) }.join

  def cut
    pid = database.select_value("SELECT pg_backend_pid()")
    aside { database.execute("SELECT pg_terminate_backend(#{pid})") }
  end

  def outcome
    yield
    "done"
  rescue ActiveRecord::ActiveRecordError => e
    e.class
  end

  def change(model, id) = outcome { model.transaction { model.find(id).update!(first_name: "Eva") } }

  describe "whose connection is cut" do
    # The same save without us.
    def alone
      spec = self
      stub_const("Bare", Class.new(ActiveRecord::Base) { self.table_name = "pwb_contacts" })
      Bare.after_update { spec.cut }
      id = Bare.create!(website_id: site.id, first_name: "Ana").id
      [change(Bare, id), Bare.find(id).first_name]
    end

    it "fails as it would without us, and is never taken for done" do
      record = contact(site)
      allow(PwbCrm::Outbox).to receive(:new).and_wrap_original do |make, *arguments, **options|
        cut
        make.call(*arguments, **options)
      end
      ours = [change(Pwb::Contact, record.id), Pwb::Contact.find(record.id).first_name]
      expect(ours).to eq(alone).and eq([ActiveRecord::ConnectionFailed, "Ana"])
    end

    it "fails if that happens within our own statement" do
      record = contact(site)
      database.execute(<<~SQL)
        CREATE FUNCTION pwb_crm_cut() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END';
        CREATE TRIGGER pwb_crm_cut BEFORE INSERT ON pwb_integration_deliveries
          FOR EACH ROW EXECUTE FUNCTION pwb_crm_cut();
      SQL
      expect(change(Pwb::Contact, record.id)).not_to eq("done")
      expect(Pwb::Contact.find(record.id).first_name).to eq("Ana")
    ensure
      database.execute("DROP TRIGGER pwb_crm_cut ON pwb_integration_deliveries; DROP FUNCTION pwb_crm_cut")
    end

    it "fails if that happens while a reader of a deleted record asks for something" do
      record = contact(site)
      configure(readers: { contact: { email: ->(_) { cut && database.select_value("SELECT 1").to_s } } })
      expect(outcome { record.destroy! }).not_to eq("done")
      expect(Pwb::Contact).to exist(record.id)
    end

    it "fails with the database's own error if that happens while a reader of a new reply asks for something" do
      problem = ticket(site)
      configure(readers: { comment: { opening: ->(_) { cut && database.select_value("SELECT 1").to_s } } })
      expect(outcome { reply(problem) }).to eq(ActiveRecord::ConnectionFailed)
      expect(problem.messages.count).to eq(1)
    end

    # The gem's tables may be elsewhere (`record_base`): that connection is not the host's.
    it "goes on if it was another connection" do
      guard = PwbCrm::Outbox::Guard.new(contact(site), "save")
      Pwb::Contact.transaction { guard.call { raise ActiveRecord::ConnectionFailed, "elsewhere" } }
      expect(reported_classes).to eq([ActiveRecord::ConnectionFailed])
    end
  end

  %i[repeatable_read serializable].each do |isolation|
    it "that is #{isolation} meets no failure it would not have had alone, and is noted" do
      # Writing remote ids into the host's own row is a change that such a transaction has to notice.
      configure(mirror_ids: false)
      record = contact(site)
      engine = [-> { PwbCrm.track(Pwb::Contact.all) }, -> { PwbCrm::Lease.acquire(crm.id)&.release },
                -> { crm.reload.update!(name: "Other") }, -> { all_due && drain(crm) }]
      engine.each do |step|
        PwbCrm::Delivery.delete_all
        record.update!(last_name: "Before #{step.object_id}")
        Pwb::Contact.transaction(isolation:) do
          Pwb::Contact.find(record.id)
          aside(&step)
          Pwb::Contact.find(record.id).update!(first_name: "Eva #{step.object_id}")
        end
        expect(PwbCrm::Delivery.waiting.pluck(:record_updated_at)).to eq([record.reload.updated_at])
      end
      expect(reported.errors).to be_empty
    end
  end

  it "is noted after its commit, where the statement was the one to give way" do
    tries = 0
    allow(PwbCrm::ApplicationRecord).to receive(:run_prepared).and_wrap_original do |run, *arguments|
      (tries += 1) == 1 ? raise(ActiveRecord::Deadlocked) : run.call(*arguments)
    end
    expect { contact(site) }.to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(crm.id)
    expect([PwbCrm::Delivery.count, tries, reported.errors]).to eq([1, 2, []])
  end

  it "is reported, if it gives way a second time" do
    allow(PwbCrm::ApplicationRecord).to receive(:run_prepared).and_raise(ActiveRecord::Deadlocked)
    expect(contact(site)).to be_persisted
    expect(reported_classes).to eq([ActiveRecord::Deadlocked])
  end
end
