# frozen_string_literal: true

# For finding what was written without callbacks: up to when it has been looked for, and which version
# of its record a delivery was noted for.
class AddReconcileToPwbIntegrations < ActiveRecord::Migration[7.2]
  def change
    add_column :pwb_integrations, :reconciled_at, :datetime
    add_column :pwb_integration_deliveries, :record_updated_at, :datetime
  end
end
