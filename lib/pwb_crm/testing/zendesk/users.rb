# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # /api/v2/users.
      #
      # Source: Zendesk Ticketing API, Users page: create_or_update matches by e-mail or by external_id, whose
      # case it ignores and then rewrites; on update another e-mail becomes a second identity; an e-mail and an
      # external_id of two different users are refused.
      # @api private
      class Users
        EMAIL = /\A[^@\s,;<>"]+@[^@\s,;<>".]+(\.[^@\s,;<>".]+)+\z/
        MAX_TEXT = 255
        WRITABLE = %w[name phone external_id user_fields tags role notes details].freeze

        # @param mails [Array<String>] addresses Zendesk would have asked to verify themselves
        include Departures

        def initialize(store, mails)
          @store = store
          @mails = mails
        end

        def create_or_update(user)
          known = match(user)
          return [201, create(user)] unless known

          [200, change(known, user)]
        end

        def create(user)
          check_name(user)
          check(user)
          check_free(user)
          @mails << user["email"] if user["email"] && !true?(user["skip_verify_email"])
          @store.add_user(user.slice("email", *WRITABLE).compact)
        end

        def update(id, user)
          found = find(id)
          check_free(user, except: found)
          change(found, user)
        end

        def find(id)
          user = @store.users[Integer(id.to_s, exception: false)]
          user && user["active"] ? user : Errors.not_found
        end

        # GET users/search by +external_id+, or by +query+: text, or "email:…".
        def search(query)
          return [by_external_id(query["external_id"])].compact if query["external_id"]

          text = query["query"] || Params.missing("query")
          text = text.downcase.delete('"').delete_prefix("type:user ").delete_prefix("email:")
          active.select { |user| searchable(user).any? { |value| value.downcase.include?(text) } }
        end

        def by_email(email)
          email && active.find { |user| user["identities"].any? { |known| same?(known, email) } }
        end

        private

        def active
          @store.users.values.select { |user| user["active"] }
        end

        def by_external_id(external_id)
          external_id && active.find { |user| same?(user["external_id"], external_id) }
        end

        def match(user)
          by_id = by_external_id(user["external_id"])
          by_mail = by_email(user["email"])
          clash(by_mail, "email", "Email") if by_id && by_mail && !by_id.equal?(by_mail)
          by_id || by_mail
        end

        def change(found, user)
          check_name(user) if user.key?("name")
          check(user)
          found.merge!(user.slice(*WRITABLE))
          add_identity(found, user["email"]) if user["email"]
          @store.touch(found)
        end

        # The first e-mail stays the primary one.
        def add_identity(found, email)
          return if found["identities"].any? { |known| same?(known, email) }

          found["identities"] << email
          found["email"] ||= email
        end

        def check_name(user)
          name = user["name"]
          return if name.is_a?(String) && !name.strip.empty?

          Errors.invalid("name", "Name: is too short (minimum one character)", "ValueTooShort")
        end

        def check(user)
          { "name" => "Name", "external_id" => "External", "phone" => "Phone" }.each do |field, label|
            Errors.too_long(field, label, MAX_TEXT) if user[field].to_s.length > MAX_TEXT
          end
          email = user["email"]
          return if email.nil? || (email.is_a?(String) && EMAIL.match?(email))

          Errors.invalid("email", "Email: #{email} is not properly formatted", "InvalidFormat")
        end

        def check_free(user, except: nil)
          { "email" => ["Email", by_email(user["email"])],
            "external_id" => ["External", by_external_id(user["external_id"])] }.each do |field, (label, holder)|
            clash(holder, field, label) if holder && !holder.equal?(except)
          end
        end

        def clash(user, field, label)
          Errors.invalid(field, "#{label}: #{user[field]} is already being used by another user", "DuplicateValue")
        end

        def same?(one, other)
          !one.to_s.empty? && one.to_s.casecmp?(other.to_s)
        end

        def searchable(user)
          [user["name"], user["external_id"], *user["identities"]].compact
        end

        def true?(value)
          [true, "true"].include?(value)
        end
      end
    end
  end
end
