# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether the app's encryption keys are there, and open what is stored.
    #
    # @api private
    class Encryption < Examination
      PROBE = { "probe" => "pwb_crm" }.freeze
      private_constant :PROBE

      private

      def examine
        return fault(:missing) unless works?

        fault(:unreadable, integrations: named(unreadable)) if unreadable.any?
      end

      # Those of another environment are not meant to be.
      def unreadable = @unreadable ||= Integration.here.where(disconnected_at: nil).find_each.reject(&:readable?)

      def works?
        type = Integration.type_for_attribute(:config)
        type.deserialize(type.serialize(PROBE)) == PROBE
      rescue ActiveRecord::Encryption::Errors::Base
        false
      end
    end
  end
end
