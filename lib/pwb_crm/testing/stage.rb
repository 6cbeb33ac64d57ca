# frozen_string_literal: true

module PwbCrm
  module Testing
    # The remotes that {Kit#fake!} has put up, and what the settings were before.
    #
    # @api private
    class Stage
      # The settings that a stage changes.
      CHANGED = %i[transport keep_to_limits].freeze
      private_constant :CHANGED

      # @return [Numeric] seconds by which the time of the fakes and of the database differs from the real one
      attr_reader :offset

      def initialize
        @offset = 0
        @open = false
      end

      # @return [Boolean] whether an example is running, or a fake stands
      def open? = @open

      # An example begins.
      #
      # @return [void]
      def open = @open = true

      # @param hosts [Array<String>]
      # @param app [App]
      # @param limits [Boolean] whether what the remote allows is kept to, which takes as long as it does
      # @return [App] the same
      def add(hosts, app, limits:)
        open
        raise_curtain unless @seam
        hosts.each { |host| @seam.add(host, app) }
        PwbCrm.config.keep_to_limits = limits
        app
      end

      # @return [#call] the time
      def clock = -> { Time.now + @offset }

      # The real time, which signatures are judged by; no two of what remotes tell happen in the same millisecond.
      #
      # @return [Time]
      def moment = @moment = [Time.now, @moment&.+(0.001)].compact.max

      # @param seconds [Numeric]
      # @return [void]
      def travel(seconds) = shift(@offset + seconds)

      # Takes everything down.
      #
      # @return [void]
      def clear
        shift(0)
        @before&.each { |name, value| PwbCrm.config.public_send(:"#{name}=", value) }
        @before = @seam = nil
        @open = false
      end

      private

      def raise_curtain
        @before = CHANGED.to_h { |name| [name, PwbCrm.config.public_send(name)] }
        PwbCrm.config.transport = @seam = Seam.new({})
      end

      # The database's clock, where there is one, is moved in what is asked of it.
      def shift(offset)
        return if offset == @offset

        @offset = offset
        Sql.offset = offset if PwbCrm.const_defined?(:Sql)
      end
    end
  end
end
