# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Which integrations do not send, by what is to be done about them.
    #
    # @api private
    class Connections < Examination
      private

      def examine
        [*grouped, *(warning(:no_app, integrations: named(stuck)) if stuck.any?)]
      end

      def grouped
        idle = active.group_by { |one| [one.status, one.status_message] }
        idle.filter_map do |(status, reason), rows|
          next if %i[ready unreadable].include?(status)

          warning(status == :copied ? :copied : :held_back, integrations: named(rows), reason: reason.to_s.squish)
        end
      end

      # They send until their access token ends.
      def stuck = @stuck ||= active.select(&:deliverable?).select { |one| forsaken?(one) }

      def forsaken?(one) = one.config["refresh_token"].present? && !one.renewable?

      def active = @active ||= Integration.active.where(disconnected_at: nil).order(:id).to_a

      def well = { count: active.size }
    end
  end
end
