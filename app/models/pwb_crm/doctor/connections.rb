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
        here = active.group_by(&:status).except(:ready, :unreadable)
        here.map { |status, rows| warning(known(status), integrations: named(rows), reason: rows.first.status_message) }
      end

      def known(status) = status == :copied ? :copied : :held_back

      # They send until their access token ends.
      def stuck = @stuck ||= active.select(&:deliverable?).select { |one| forsaken?(one) }

      def forsaken?(one) = one.config["refresh_token"].present? && !one.provider.refreshable?

      def active = @active ||= Integration.active.where(disconnected_at: nil).order(:id).to_a

      def well = { count: active.size }
    end
  end
end
