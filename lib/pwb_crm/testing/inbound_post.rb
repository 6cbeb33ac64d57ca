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
      private_constant :TOLD, :SECRETS

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
        check
        @integration = integration ? fitting(integration) : only_one
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
        known = @platform == "zendesk" ? ZendeskTerms.types : [type]
        return if known.include?(type)

        complain("#{@platform} sends nothing about a #{type}, only about #{known.join(", ")}: tell of the ticket " \
                 "that a reply is in, with comment: \"…\"")
      end

      def record? = @record.is_a?(ActiveRecord::Base)

      def event_id = @told[:id] || SecureRandom.uuid.delete("-")

      # Where the record is at the remote. A receiver of webhooks has no ids of its own.
      def place
        return [@kind, @record.id] if @platform == "custom"

        link = @integration.links.of_records(@kind, [@record.id]).first
        return [link.external_type, link.external_id] if link

        complain("#{@kind} #{@record.id} has no link at #{@integration.label}: deliver it, or give the remote's id")
      end

      def proof
        name = SECRETS.fetch(@platform)
        secret = @told[:secret] || @integration.config[name]
        secret ? { secret: } : complain("#{@integration.label} has no #{name} in its config to sign with")
      end

      def only_one
        all = Integration.where(platform: @platform).order(:id)
        all = all.where(website_id: Kinds.website_id_of(@kind, @record)) if record?
        found = all.receiving.limit(2).to_a
        return found.first if found.one?

        complain(found.any? ? "There are several integrations of #{@platform}: give one as integration:" : nobody(all))
      end

      def nobody(all)
        idle = all.limit(3).map(&:label)
        whose = " of the #{@kind}'s website" if record?
        return "There is no integration of #{@platform}#{whose}" if idle.empty?

        "No integration of #{@platform}#{whose} takes anything in: #{idle.join(", ")} is not active, disconnected or " \
          "a copy's. To see what it answers give it as integration:"
      end

      def fitting(integration)
        return integration if integration.is_a?(Integration) && integration.platform == @platform

        name = integration.is_a?(Integration) ? integration.label : "a #{integration.class}"
        complain("integration: has to be one of #{@platform}, but is #{name}")
      end

      def check
        complain("There is no webhook from #{@platform.inspect}") unless SECRETS.key?(@platform)
        return @kind = Known.kind_of!(@record) if record?
        return if [String, Integer].any? { |type| @record.is_a?(type) } && @record.to_s.present?

        complain("It tells of a record that is linked, or of the remote's id, and not of #{@record.inspect}")
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
