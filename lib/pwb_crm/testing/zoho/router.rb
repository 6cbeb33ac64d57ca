# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # Sends a call below /crm/v8 to what answers it, and charges for it.
      # @api private
      class Router
        ID = /\A\d{1,19}\z/
        # What is of no module.
        ALONE = { "settings/fields" => :fields, "org" => :organisation, "actions/watch" => :channels }.freeze

        # @param org [Organisation]
        def initialize(org)
          @org = org
          @reads = Reads.new(org)
        end

        # @param parts [Array<String>] the path below /crm/v8
        # @return [Array] a Rack response
        # @raise [Refusal]
        def call(request, parts)
          @org.credits.spend if request.get? || request.delete?
          alone = ALONE[parts.join("/")]
          return send(alone, request) if alone

          Errors.invalid_url unless parts.size.between?(1, 3)
          @org.check_module(parts.first, reading: request.get?)
          handlers = { 1 => :collection, 2 => :below, 3 => :related }
          send(handlers.fetch(parts.size), request, *parts)
        end

        private

        def collection(request, module_name)
          case request.request_method
          when "GET" then @reads.list(request, module_name)
          when "POST" then insert(request, module_name)
          when "PUT" then update_many(request, module_name)
          when "DELETE" then delete_many(request, module_name)
          else wrong_method
          end
        end

        def below(request, module_name, second)
          case second
          when "upsert" then upsert(request, module_name)
          when "search" then request.get? ? @reads.search(request, module_name) : wrong_method
          when ID then member(request, module_name, second)
          else Errors.invalid_id
          end
        end

        def member(request, module_name, id)
          case request.request_method
          when "GET" then @reads.record(module_name, id)
          when "PUT" then update(request, module_name, id)
          when "DELETE" then @org.records.delete_one(module_name, id)
          else wrong_method
          end
        end

        def related(request, module_name, id, relation)
          Errors.invalid_url unless relation == "Notes" && module_name != "Notes"
          @org.check_module("Notes", reading: request.get?)
          parent = @org.store.find(module_name, id) || Errors.invalid_id
          case request.request_method
          when "GET" then @reads.notes(request, module_name, id)
          when "POST" then @org.notes.insert(note_batch(request), parent: Notes.parent(module_name, parent))
          else wrong_method
          end
        end

        def insert(request, module_name)
          return @org.notes.insert(note_batch(request)) if module_name == "Notes"

          @org.records.insert(module_name, batch(request))
        end

        def update_many(request, module_name)
          return @org.notes.update_many(note_batch(request)) if module_name == "Notes"

          @org.records.update(module_name, batch(request), request)
        end

        def update(request, module_name, id)
          return @org.notes.update_one(note_batch(request), id) if module_name == "Notes"

          @org.records.update(module_name, batch(request), request, id:)
        end

        def upsert(request, module_name)
          wrong_method unless request.post?
          Errors.invalid_module(in_data: true) unless @org.schema.upsertable?(module_name)
          @org.upsert.call(module_name, batch(request, keys: ["duplicate_check_fields"]))
        end

        def delete_many(request, module_name)
          ids = request.query["ids"].to_s.split(",")
          ids.empty? ? Errors.missing_param("ids") : @org.records.delete_many(module_name, ids)
        end

        def organisation(request)
          request.get? ? @reads.organisation : wrong_method
        end

        def channels(request)
          @org.check_scope("notifications")
          request.delete? ? @org.channels.remove(request) : wrong_method
        end

        def fields(request)
          request.get? ? @reads.fields(request) : wrong_method
        end

        def batch(request, **options)
          Batch.new(request, **options).tap { |made| @org.credits.spend(made.size) }
        end

        def note_batch(request)
          batch(request, too_many: :root)
        end

        def wrong_method
          Errors.refuse(400, "INVALID_REQUEST_METHOD", "The http request method type is not a valid one")
        end
      end
    end
  end
end
