# frozen_string_literal: true

# What is known of the renewal of an integration's tokens.
class AddRenewalToPwbIntegrations < ActiveRecord::Migration[7.2]
  def change
    change_table :pwb_integrations, bulk: true do |t|
      t.datetime :tokens_renewed_at
      t.datetime :renew_tokens_at
      t.integer :renewals_refused, null: false, default: 0
    end
  end
end
