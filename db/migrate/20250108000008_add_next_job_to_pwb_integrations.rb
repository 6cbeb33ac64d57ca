# frozen_string_literal: true

# Which job goes on where one made room for other tenants.
class AddNextJobToPwbIntegrations < ActiveRecord::Migration[7.2]
  def change
    add_column :pwb_integrations, :next_job_id, :string
  end
end
