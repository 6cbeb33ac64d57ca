# frozen_string_literal: true

require "securerandom"
require "time"

require_relative "inbound_post/bodies"

module PwbCrm
  module Testing
    # One request of a remote to the app's receiver: see {Kit#deliver_crm_webhook}.
    #
    # @api private
    class InboundPost
      # What the fields may say of the request itself.
      TOLD = %i[event at id secret type].freeze
      # Where an integration's config has what the remote proves itself with.
      SECRETS = { "zendesk" => "hook_secret", "zoho_crm" => "hook_token", "custom" => "inbound_secret" }.freeze
      # What a remote of the system tells of.
      TELLS = { "zendesk" => %w[ticket user organization].freeze }.freeze
      private_constant :TOLD, :SECRETS, :TELLS

      # @param platform [String]
      # @param record [ActiveRecord::Base, String, Integer]
      # @param integration [Integration, nil]
      # @param fields [Hash{Symbol => Object}]
      # @raise [UsageError]
      def initialize(platform, record, integration:, fields:)
        @platform = platform
        @record = record
        @told = fields.slice(*TOLD)
        @fields = fields.except(*TOLD).transform_keys(&:to_s)
        @integration = integration || only_one
      end

      # @return [Integer]
      def deliver
        body, headers = Bodies.public_send(@platform, @fields, **about, **proof, **@told.slice(:event))
        headers = headers.transform_keys { |name| "HTTP_#{name.upcase.tr("-", "_")}" }
        app, path, env = target
        env = { input: body, "CONTENT_TYPE" => "application/json", **headers, **env }
        Rack::MockRequest.new(app).post(path, env).status
      end

      private

      def about
        type, id = record? ? place : [@told[:type], @record]
        told_of!(type) if type
        { type:, id: id.to_s, at: @told[:at] || Testing.stage.moment, event_id: event_id.to_s }
      end

      # What no remote sends must not be what an app is tested with.
      def told_of!(type)
        known = TELLS.fetch(@platform, [type])
        return if known.include?(type)

        complain("#{@platform} sends nothing about a #{type}, only about #{known.join(", ")}: tell of the ticket " \
                 "that a reply is in, with comment: \"…\"")
      end

      def record? = @record.is_a?(ActiveRecord::Base)

      def event_id = @told[:id] || SecureRandom.uuid.delete("-")

      # Where the record is at the remote. A receiver of webhooks has no ids of its own.
      def place
        kind = Kinds.of!(@record)
        return [kind, @record.id] if @platform == "custom"

        link = @integration.links.of_records(kind, [@record.id]).first
        return [link.external_type, link.external_id] if link

        complain("#{kind} #{@record.id} has no link at #{@integration.label}: deliver it, or give the remote's id")
      end

      def proof
        name = SECRETS.fetch(@platform)
        secret = @told[:secret] || @integration.config[name]
        secret ? { secret: } : complain("#{@integration.label} has no #{name} in its config to sign with")
      end

      def only_one
        complain("There is no webhook from #{@platform.inspect}") unless SECRETS.key?(@platform)
        found = Integration.receiving.where(platform: @platform)
        found = found.where(website_id: Kinds.website_id_of(Kinds.of!(@record), @record)) if record?
        found = found.limit(2).to_a
        found.one? ? found.first : complain("Not one integration of #{@platform} is meant: give it as integration:")
      end

      # Where the host has drawn no route the controller alone will do.
      def target
        [Rails.application, "https://www.example.com#{@integration.webhook_path}", {}]
      rescue ConfigurationError
        parameters = { platform: @platform, key: @integration.key }
        [WebhooksController.action(:create), "https://www.example.com/",
         { "action_dispatch.request.path_parameters" => parameters }]
      end

      def complain(what)
        raise UsageError, "#{what}."
      end
    end
  end
end
