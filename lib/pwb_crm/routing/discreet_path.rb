# frozen_string_literal: true

module PwbCrm
  module Routing
    # Keeps keys out of what Rails, and whatever else asks for a path that is fit to be shown, writes into the log. What
    # Rails filters by the name of a parameter is only a query. Paths of the host's own stay as they are.
    #
    # @api private
    module DiscreetPath
      # In the place of what is not shown.
      MASK = "[FILTERED]"
      # What may be a key, or hold one, however it is written.
      KEY = /(?:%\h\h|\h){32,}/n
      private_constant :MASK, :KEY

      # @return [String]
      def filtered_path
        found = Routing.received(path_info) or return super

        platform, key = found.named_captures.values_at("platform", "key")
        query = super.b.delete_prefix(path.b).gsub(KEY, MASK)
        shown = "#{script_name}#{DiscreetPath.shown(path_info.b, platform:, key:)}#{query}"
        shown.force_encoding(Encoding::UTF_8).scrub # a log that is text would not take it otherwise
      end

      # A key may stand below the platform in whatever form, and by mistake in its place.
      #
      # @param path [String] that leads to the receiver
      # @param platform [String] in it
      # @param key [String, nil] all that is below
      # @return [String] up to the platform, if that is one
      def self.shown(path, platform:, key:)
        above = path.squeeze("/").chomp("/").delete_suffix("/#{key}").count("/") - 1
        start = path[%r{\A(?:/+[^/]+){#{above}}/+}n]
        [start, Providers.known?(platform) ? platform : MASK, *("/#{MASK}" if key)].join
      end
    end
  end
end
