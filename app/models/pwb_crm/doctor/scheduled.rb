# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether what runs by itself has run lately.
    #
    # @api private
    class Scheduled < Examination
      private

      def examine
        age = Mark.age(name)
        return integrations_for_long? ? warning(:never) : finding(:ok, :new) unless age

        level = self.class::LEVEL
        finding(level, :late, age: duration(age)) if age > self.class::LATE
      end

      # Just installed, it need not have run yet.
      def integrations_for_long?
        Integration.where("created_at < #{Sql.now(-self.class::LATE)}").exists?
      end
    end
  end
end
