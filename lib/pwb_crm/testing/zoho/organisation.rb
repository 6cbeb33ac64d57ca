# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # Everything one fake organisation holds; {FakeZoho#reset!} makes a new one.
      # @api private
      class Organisation
        # @return [String] by which Zoho knows it
        attr_reader :number
        # @return [Schema]
        attr_reader :schema
        # @return [Store]
        attr_reader :store
        # @return [Records]
        attr_reader :records
        # @return [Upsert]
        attr_reader :upsert
        # @return [Notes]
        attr_reader :notes
        # @return [Channels]
        attr_reader :channels
        # @return [Credits]
        attr_reader :credits
        # @return [OAuth]
        attr_reader :oauth
        # @return [Set<String>] modules, "org" and "notifications" without a scope, in lower case
        attr_reader :closed_scopes
        # @return [Hash{String => Set<String>}] names that are no fields, by module
        attr_reader :ignored

        # @param number [String] by which Zoho knows it
        # @param credits [Integer] of a rolling day
        # @param oauth [OAuth]
        # @param clock [#call]
        def initialize(number:, credits:, oauth:, clock:)
          @number = number
          @channels = Channels.new(clock)
          @credits = Credits.new(credits, clock)
          @oauth = oauth
          @closed_scopes = Set.new
          @schema = Schema.new
          @store = Store.new(clock)
          @ignored = Hash.new { |modules, name| modules[name] = Set.new }
          open_writes
        end

        # @raise [Refusal] when there is no such module, or no scope for it
        def check_module(name, reading:)
          Errors.invalid_module(in_data: !reading) unless schema.module?(name)
          check_scope(name)
        end

        # @raise [Refusal] when it was taken out of the grant
        def check_scope(name)
          Errors.refuse(401, "OAUTH_SCOPE_MISMATCH", "Unauthorized") if closed_scopes.include?(name.downcase)
        end

        # @raise [Refusal] unless the header carries a live token. The scheme is Zoho-oauthtoken, whatever the
        #   token reply calls it
        def authenticate(header)
          scheme, token = header.to_s.split(" ", 2)
          state = scheme == "Zoho-oauthtoken" ? oauth.state(token) : :unknown
          return if state == :live

          raise Refusal.new(401, Errors.for_status(401)) if state == :dead

          Errors.refuse(401, "AUTHENTICATION_FAILURE", "Authentication failed")
        end

        private

        def open_writes
          @records = Records.new(@schema, @store, @ignored)
          @upsert = Upsert.new(@schema, @store, @records)
          @notes = Notes.new(@schema, @store, @ignored)
        end
      end
    end
  end
end
