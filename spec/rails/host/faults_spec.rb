# frozen_string_literal: true

require "rails_helper"

# Whatever is wrong with us, the host's saves go on; whatever is wrong with the host, it is told as it
# would be without us.
RSpec.describe "a save of the host's" do
  include_context "with an error reporter"

  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:database) { ActiveRecord::Base.lease_connection }

  # A create, an update and a destroy, all of which are there afterwards.
  def saves?
    record = contact(site)
    record.update!(first_name: "Eva")
    enquiry = message(site, contact: record)
    enquiry.destroy!
    record.reload.first_name == "Eva" && !Pwb::Message.exists?(enquiry.id)
  end

  def reported_classes = reported.errors.map(&:class).uniq

  describe "goes on" do
    it "when a column of the outbox is missing, as between a deploy and its migration" do
      database.rename_column(:pwb_integration_deliveries, :occurred_at, :happened_at)
      PwbCrm::Delivery.reset_column_information
      expect(saves?).to be(true)
      expect(reported.errors.size).to eq(4)
    ensure
      database.rename_column(:pwb_integration_deliveries, :happened_at, :occurred_at)
      PwbCrm::Delivery.reset_column_information
    end

    it "when the table of the integrations is gone" do
      database.rename_table(:pwb_integrations, :pwb_elsewhere)
      expect(saves?).to be(true)
      expect(reported_classes).to eq([ActiveRecord::StatementInvalid])
    ensure
      database.rename_table(:pwb_elsewhere, :pwb_integrations)
    end

    it "when skip_record, a class or the reporter fails" do
      configure(skip_record: ->(record) { record.no_such_method })
      expect(saves?).to be(true)
      configure(skip_record: ->(_) { false }, contact_class: "NoSuchClass")
      expect(saves?).to be(true)
      allow(Rails.error).to receive(:report).and_raise("the reporter is broken, too")
      configure(skip_record: ->(_) { raise "oops" })
      expect(saves?).to be(true)
    end

    it "when a value does not go into the table" do
      allow(PwbCrm::Outbox::Statement).to receive(:event_id).and_return("a\0b" * 50)
      expect(saves?).to be(true)
    end

    it "when the queue is down, or knows no delays" do
      configure(settle_time: 5)
      [IOError, NotImplementedError].each do |fault|
        allow(PwbCrm::IntegrationSyncJob).to receive(:set).and_raise(fault)
        expect(saves?).to be(true)
      end
    end

    it "under the query cache, in savepoints, and beside the host's own after_commit" do
      committed = []
      stub_const("Watchful", Class.new(Pwb::Contact) { after_commit { committed << [id, first_name] } })
      ActiveRecord::Base.cache do
        record = Watchful.create!(website: site, first_name: "Ana")
        Watchful.transaction do
          record.update!(first_name: "Eva")
          Watchful.transaction(requires_new: true) do
            Watchful.create!(website: site, first_name: "Undone")
            raise ActiveRecord::Rollback
          end
          record.update!(last_name: "Li")
        end
        expect(PwbCrm::Delivery.pluck(:record_id)).to eq([record.id.to_s])
        expect(committed).to eq([[record.id, "Ana"], [record.id, "Eva"]])
      end
    end
  end

  describe "wakes jobs" do
    let(:job) { PwbCrm::IntegrationSyncJob }

    it "only for what is committed" do
      theirs = integration(neighbour = website)
      expect do
        Pwb::Contact.transaction do
          contact(site)
          Pwb::Contact.transaction(requires_new: true) do
            contact(neighbour)
            raise ActiveRecord::Rollback
          end
        end
      end.to have_enqueued_job(job).once.with(crm.id)
      expect(PwbCrm::Delivery.where(integration: theirs)).to be_empty
    end

    it "after the transactions of all databases have ended" do
      stub_const("Elsewhere", Class.new(ActiveRecord::Base) { self.abstract_class = true })
      Elsewhere.establish_connection(adapter: "sqlite3", database: ":memory:")
      expect do
        Elsewhere.transaction do
          expect { contact(site) }.not_to have_enqueued_job
        end
      end.to have_enqueued_job(job).once
    ensure
      Elsewhere.remove_connection
    end
  end

  describe "on PostgreSQL", :postgresql do
    def limit_statements(milliseconds) = database.execute("SET LOCAL statement_timeout = #{milliseconds}")

    # Makes each write to the outbox take so long.
    def slow_down(seconds)
      database.execute(<<~SQL)
        CREATE FUNCTION pwb_crm_slow() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN PERFORM pg_sleep(#{seconds}); RETURN NEW; END';
        CREATE TRIGGER pwb_crm_slow BEFORE INSERT ON pwb_integration_deliveries
          FOR EACH ROW EXECUTE FUNCTION pwb_crm_slow();
      SQL
    end

    it "goes on without the right to write to the outbox" do
      database.execute("CREATE ROLE pwb_crm_limited; GRANT ALL ON ALL TABLES IN SCHEMA public TO pwb_crm_limited; " \
                       "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO pwb_crm_limited; " \
                       "REVOKE INSERT ON pwb_integration_deliveries FROM pwb_crm_limited; " \
                       "SET LOCAL ROLE pwb_crm_limited")
      expect(saves?).to be(true)
      expect(reported_classes).to eq([ActiveRecord::StatementInvalid])
    ensure
      database.execute("RESET ROLE")
    end

    it "goes on when a constraint refuses the row" do
      database.execute("ALTER TABLE pwb_integration_deliveries ADD CHECK (attempts > 5)")
      expect(saves?).to be(true)
    end

    it "goes on when the host's limit for statements runs out, and is noted after its commit" do
      slow_down(0.3)
      Pwb::Contact.transaction(requires_new: true) do
        limit_statements(100)
        contact(site)
        expect(PwbCrm::Delivery.count).to eq(0)
        limit_statements(0)
      end
      expect([PwbCrm::Delivery.count, reported.errors]).to eq([1, []])
    end
  end
end
