# frozen_string_literal: true

require "rails/engine"
require "active_record"
require "active_job"

# What the engine adds to the module: see lib/pwb_crm.rb for the rest.
module PwbCrm
  # The parts that need Rails, and where they are.
  ENGINE_PARTS = {
    Events: "events", LogSubscriber: "log_subscriber", Notice: "notice",
    Providers: "providers", Routing: "routing", Snapshot: "snapshot"
  }.freeze
  autoload :NoticeMailer, "pwb_crm/notice_mailer"
  ENGINE_PARTS.each { |name, file| autoload name, "pwb_crm/#{file}" }
  private_constant :ENGINE_PARTS

  class << self
    # Notes records for delivery as if they had just been saved: to send what was there before an
    # integration was connected, or what was written without callbacks (`insert_all`, SQL). A relation, or more than
    # ten of a list, are noted in bulk: what people save goes before them.
    #
    # @param records [ActiveRecord::Base, ActiveRecord::Relation, Enumerable<ActiveRecord::Base>]
    # @param erased [Boolean] whether those that were erased ({erase}) are to be sent again: with this note; or, where
    #   the erasure waits to be done, with the first one after it, so track them once more when its receipt has ended
    # @return [Integer] how many deliveries were noted or renewed; what waits to be erased does not count
    # @raise [ConfigurationError] for a record that is not of one of the four classes
    # @raise [ActiveRecord::ActiveRecordError]
    def track(records, erased: false) = Outbox::Tracking.call(records, erased:)

    # Tells why a record was sent or not, to each integration of its website: step by step, up to the first "no". It
    # writes nothing and asks no remote.
    #
    # @example
    #   puts PwbCrm.explain(contact)
    # @param record [ActiveRecord::Base, nil] the record; or, perhaps because it is gone, its kind and id
    # @param kind [String, nil] contact, message, support_ticket or comment
    # @param id [String, Integer, nil]
    # @param integration [Integration, nil] only this one
    # @return [Explanation]
    # @raise [ConfigurationError] for a kind that there is not, or an id of which nothing is known
    def explain(record = nil, kind: nil, id: nil, integration: nil)
      Explanation.new(record || Explanation.subject(kind.to_s, id), integration:)
    end

    # Sends an integration what was there before it was connected, through the same outbox and behind what people save
    # meanwhile. First it counts; a job does so, and goes on with the rest.
    #
    # @example
    #   run = PwbCrm.resync(integration, since: 1.year.ago, start: false)
    #   puts run.reload        # what would be created (or updated, where the remote knows the person already), updated,
    #                          # is unchanged, or cannot be sent, and why
    #   run.start!
    # @param integration [Integration]
    # @param since [Time, Date, String, nil] only what changed then or later
    # @param kinds [Array<String>, nil] only these of contact, message, support_ticket, comment
    # @param start [Boolean] false to look at the counts before anything is sent: {Resync::Steering#start!}
    # @param by [String, nil] who or what asks for it
    # @return [Resync]
    # @raise [ConfigurationError] for what is no integration, cannot send or is being resynced already, a `since` that
    #   is no time or yet to come, or an unknown kind
    def resync(integration, since: nil, kinds: nil, start: true, by: nil)
      Resync.launch(integration, since:, kinds:, start:, by:)
    end

    # Erases a record in every system that it was delivered to, whatever their settings say of deletes, and a contact's
    # enquiries and a ticket's replies with it; also in those of a website that it has moved from. No later save sends
    # it there again, until it is tracked with `erased: true`. The app's own record stays: delete that yourself.
    #
    # @example
    #   receipt = PwbCrm.erase(contact, by: "Ana")
    #   puts receipt.reload
    # @param record [ActiveRecord::Base, nil] the record; or, if it is gone, its kind, id and website_id
    # @param kind [String, nil] contact, message, support_ticket or comment
    # @param id [String, Integer, nil]
    # @param website_id [Object, nil]
    # @param by [String, nil] who asks for it
    # @return [Receipt]
    # @raise [ConfigurationError] for a record of another class, or what is incomplete
    def erase(record = nil, kind: nil, id: nil, website_id: nil, by: nil)
      kind, id, website_id = Kinds.of!(record).then { |of| [of, record.id, Kinds.website_id_of(of, record)] } if record
      unless Kinds.all.include?(kind.to_s) && id && website_id
        raise ConfigurationError, "Give a record that belongs to a website, or its kind (#{Kinds.all.join(", ")}), " \
                                  "id and website_id."
      end
      Erasure.new(kind.to_s, id, website_id, by:, own: !record.nil?).call
    end

    # @return [Boolean] whether the kill switch ({Configuration::Jobs#enabled}) lets anything be sent now
    def enabled? = Switch.on?
  end

  # The Rails part: tables, outbox, jobs. Its controllers are not isolated, because they stand in the
  # host's own admin pages.
  class Engine < ::Rails::Engine
    engine_name "pwb_crm"

    config.pwb_crm = PwbCrm.config
    config.eager_load_namespaces.push(PwbCrm, Providers, Snapshot)

    # Secrets of integrations, as parameters.
    FILTERED = %i[
      webhook_secret api_token access_token refresh_token client_secret hook_secret hook_token inbound_secret
    ].freeze

    initializer "pwb_crm.filter_parameters" do |app|
      app.config.filter_parameters += FILTERED
    end

    initializer "pwb_crm.log_subscriber" do
      LogSubscriber.attach_to :pwb_crm
    end

    initializer "pwb_crm.routing" do
      ActionDispatch::Routing::Mapper.include(Routing)
      ActiveSupport.on_load(:action_dispatch_request) { prepend Routing::DiscreetPath }
    end

    initializer "pwb_crm.middleware" do |app|
      app.middleware.insert_after ActionDispatch::RemoteIp, Routing::Nowhere
    end

    # The mailer needs Action Mailer, which a host may do without.
    config.before_eager_load do
      [*ENGINE_PARTS.keys, *(:NoticeMailer if PwbCrm.config.notify_by_mail)].each { |name| PwbCrm.const_get(name) }
    end

    config.after_initialize { Production.check }

    # Not for tasks, which load nothing eagerly and may come before there is a database. What Rails hands over is not
    # always the app.
    config.after_routes_loaded { Inbound::Warmup.call if Rails.application.config.eager_load && Routing.drawn }

    config.to_prepare { Engine.include_integrable }

    class << self
      # Makes the configured classes track their changes. Runs again after each reload.
      #
      # @return [void]
      def include_integrable
        return unless PwbCrm.config.auto_include

        Kinds.all.filter_map { |kind| Kinds.class_of(kind) }.each do |model|
          model.include(Integrable) unless model.include?(Integrable)
        end
      end

      # @return [Class] the parent of the jobs
      def job_parent = PwbCrm.config.job_parent.safe_constantize || ActiveJob::Base
    end
  end
end
