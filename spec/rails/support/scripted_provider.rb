# frozen_string_literal: true

# A remote that does what an example says, and remembers what it was sent.
class ScriptedProvider < PwbCrm::Providers::Base
  class << self
    # Work to Outcome (or to nothing); whether tokens can be renewed; what renewing does; how many at a time; whether it
    # erases.
    attr_accessor :script, :refreshes, :slice, :erases
    attr_reader :pushed

    def reset
      @pushed = []
      @refreshes = nil
      @slice = 10
      @erases = true
      @script = ->(work) { succeeded(work) }
    end

    def keys = pushed.flatten.map { |work| "#{work[:record][:kind]} #{work[:record][:id]}" }

    def sync(works, within:)
      raise ArgumentError, "no deadline" unless within.positive?

      @pushed << works
      works.filter_map { |work| script.call(work) }
    end

    def succeeded(work, **attributes)
      id = "remote-#{work[:record][:id]}"
      outcome(work, status: :succeeded, action: :created, id:, external_type: "thing", shadow: { "name" => "1f" },
                    mapping_version: "1", request_id: "req-1", calls: [call], **attributes)
    end

    def failed(work, kind, text = "it went wrong", message: text, **error)
      outcome(work, status: :failed, calls: [call(status: error[:status])],
                    error: { kind:, message:, sent: :yes, **error })
    end

    def outcome(work, **attributes) = PwbCrm::Outcome.new(key: work[:key], **attributes)

    def call(status: 200)
      { method: "POST", path: "/things", status:, duration_ms: 12, sent: "yes", fields: %w[name], error_code: nil }
    end
  end

  def build_client = self.class

  def slice = self.class.slice

  def erases? = self.class.erases

  def missing_config = lacking(settings.fetch("requires", []))

  def refreshable? = !self.class.refreshes.nil?

  def refresh = self.class.refreshes.call

  def mirror_key = "zoho_id"

  def gone?(error) = error.status == 410
end

PwbCrm::Providers.register("scripted", "ScriptedProvider")

RSpec.configure do |config|
  config.before(:each, :rails) do
    ScriptedProvider.reset
    PwbCrm::Wake.reset
  end
end
