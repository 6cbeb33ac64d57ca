# frozen_string_literal: true

# An index for each question the engine asks, so narrow that no other serves it better: a bulk import is
# delivered before the database has gathered statistics, and a plan that is wrong by then takes minutes.
class IndexPwbIntegrationDeliveriesByState < ActiveRecord::Migration[7.2]
  def change
    deliveries = :pwb_integration_deliveries
    remove_index deliveries, %i[integration_id state run_at], name: "index_pwb_deliveries_due"
    remove_index deliveries, %i[integration_id record_type record_id], name: "index_pwb_deliveries_record"

    add_index deliveries, %i[integration_id run_at id], where: "state = 'pending'", name: "index_pwb_deliveries_due"
    add_index deliveries, %i[integration_id record_type record_id],
              where: "state = 'in_flight'", name: "index_pwb_deliveries_in_flight"
    add_index deliveries, %i[integration_id record_type record_id state], name: "index_pwb_deliveries_record"
  end
end
