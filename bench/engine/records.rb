# frozen_string_literal: true

module Bench
  # Contacts, and what is to be delivered of them, by SQL: saving them is another row of the bench.
  module Records
    CONTACTS = <<~SQL
      INSERT INTO pwb_contacts (website_id, first_name, last_name, primary_email, primary_phone_number,
        other_phone_number, nationality, details, created_at, updated_at)
      SELECT website.id, 'Ana ' || n, 'Ruiz', 'ana' || n || '@w' || website.id || '.example.com', '+34 600 ' || n,
        '+34 910 ' || n, 'es', '{}', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP
      FROM pwb_websites AS website CROSS JOIN generate_series(1, %<each>d) AS n WHERE website.id IN (%<websites>s)
    SQL
    # As the outbox writes them, a minute ago.
    DELIVERIES = <<~SQL
      INSERT INTO pwb_integration_deliveries (integration_id, record_type, record_id, kind, action, event_id,
        occurred_at, run_at, created_at, updated_at)
      SELECT integration.id, 'contact', contact.id::text, 'contact', 'create',
        'msg_' || md5(contact.id::text) || '_' || integration.id, time, time, time, time
      FROM pwb_contacts AS contact JOIN pwb_integrations AS integration ON integration.website_id = contact.website_id,
        (SELECT CURRENT_TIMESTAMP - interval '1 minute' AS time) AS clock
      WHERE integration.id IN (%<integrations>s) ORDER BY contact.id
    SQL
    LEFT_BEHIND = %w[pwb_integration_deliveries pwb_integration_links pwb_integration_sync_logs
                     bench_plan_sync_logs].freeze

    class << self
      # @param websites [Array<Pwb::Website>]
      # @param each [Integer] contacts for each website
      # @return [void]
      def contacts(websites, each)
        run("TRUNCATE pwb_contacts")
        run(format(CONTACTS, each:, websites: websites.map(&:id).join(", ")))
        run("ANALYZE pwb_contacts")
      end

      # Fills the outbox.
      #
      # @param integration_ids [Array<Integer>]
      # @return [void]
      def deliveries(integration_ids)
        run(format(DELIVERIES, integrations: integration_ids.join(", ")))
        run("ANALYZE pwb_integration_deliveries")
      end

      # Forgets what became of the contacts.
      #
      # @return [void]
      def forget
        run("TRUNCATE #{LEFT_BEHIND.join(", ")}")
        run("UPDATE pwb_contacts SET details = '{}'")
        run("VACUUM pwb_contacts")
      end

      private

      def run(sql) = ActiveRecord::Base.lease_connection.execute(sql)
    end
  end
end
