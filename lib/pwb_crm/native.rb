# frozen_string_literal: true

module PwbCrm
  # The compiled extension. Private: the classes in it check nothing that the public ones have checked. What they raise
  # is an {Error} ({InternalError} for a value of the wrong kind, with its place) or, for an argument that is not even
  # of the right class, Ruby's own ArgumentError, TypeError, RangeError or EncodingError.
  # @api private
  module Native
    class << self
      private

      # A gem with a compiled extension holds one for each Ruby version; a source gem and a checkout
      # hold the one that was built on this machine.
      def load_extension
        require "pwb_crm/#{RUBY_VERSION[/\d+\.\d+/]}/pwb_crm"
      rescue LoadError
        load_built_extension
      end

      def load_built_extension
        require "pwb_crm/pwb_crm"
      rescue LoadError => e
        raise LoadError, "The native extension of pwb_crm is missing or was built for another Ruby (#{e.message}). " \
                         "In a checkout run `bundle exec rake compile`; else reinstall the gem: `gem pristine pwb_crm`."
      end
    end

    load_extension
  end
end
