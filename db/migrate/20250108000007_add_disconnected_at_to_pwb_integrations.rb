# frozen_string_literal: true

# Marks an integration whose rows are being removed.
class AddDisconnectedAtToPwbIntegrations < ActiveRecord::Migration[7.2]
  def change
    add_column :pwb_integrations, :disconnected_at, :datetime
  end
end
