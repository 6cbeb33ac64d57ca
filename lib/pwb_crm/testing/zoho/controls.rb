# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # What a spec may do to a {FakeZoho} behind the back of the app under test: the hand of a user or an
      # administrator of Zoho.
      module Controls
        include TokenControls

        # Puts a record in without a request. Nothing is checked.
        #
        # @param module_name [String] "Contacts", "Leads", "Cases" or "Notes"
        # @param fields [Hash{String => Object}] by API name
        # @return [Hash] a copy, with its id
        def add_record(module_name, fields)
          @lock.synchronize { copy(@org.store.insert(module_name, fields)) }
        end

        # Deletes a record. Its notes go with it.
        #
        # @param id [String, Integer]
        # @return [Boolean] whether it was there
        def delete_record(module_name, id)
          @lock.synchronize { !@org.store.delete(module_name, id).nil? }
        end

        # Adds a custom field.
        #
        # @param name [String] API name
        # @param type [Symbol] :text, :textarea, :email, :phone, :picklist, :boolean or :date
        # @param options [Hash] +length:+ (characters), +unique:+, +mandatory:+, +values:+ of a picklist
        # @return [self]
        def add_field(module_name, name, type: :text, **options)
          control { @org.schema.put(module_name, Field.new(name:, type:, **options)) }
        end

        # Changes a field: makes it unique, mandatory or optional, edits its picklist.
        #
        # @example
        #   zoho.change_field("Contacts", "Email", unique: true)
        #   zoho.change_field("Cases", "Status", values: ["Nuevo", "Cerrado"])
        # @param options [Hash] as in {#add_field}
        # @return [self]
        def change_field(module_name, name, **options)
          control { @org.schema.change(module_name, name, **options) }
        end

        # Takes a module away, as editions below Enterprise have no Cases.
        #
        # @return [self]
        def remove_module(module_name)
          control { @org.schema.drop(module_name) }
        end

        # Puts a notification channel in without a request.
        #
        # @param id [String] digits
        # @param modules [Array<String>] that it tells of
        # @param life [Numeric] seconds until it ends by itself
        # @return [Hash] as `integration.hooks` names it
        def add_channel(id, modules: ["Contacts"], life: Channels::LIFE)
          control { @org.channels.add(id, modules, life) }
          { "type" => "channel", "id" => id }
        end

        # @return [Array<String>] the ids of the notification channels that are there
        def channels = @lock.synchronize { copy(@org.channels.ids) }

        # Takes the scope of a module, of "org", or of "notifications", out of the grant: calls to it answer 401
        # OAUTH_SCOPE_MISMATCH.
        #
        # @param module_name [String]
        # @return [self]
        def close_scope(module_name)
          control { @org.closed_scopes << module_name.downcase }
        end

        private

        def grants = @org.oauth
      end
    end
  end
end
