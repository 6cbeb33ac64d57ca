# frozen_string_literal: true

require "pwb_crm/testing"
require "rack/lint"

# Calls to the fakes, through Rack::Lint so that what they answer is proper Rack.
module FakeCalls
  # What came back.
  Answer = Struct.new(:status, :headers, :text) do
    def json
      JSON.parse(text)
    end

    # The per-record results of Zoho.
    def items
      json.fetch("data")
    end

    def item
      items.first
    end

    def details
      item.fetch("details")
    end
  end

  def rack_call(app, method, path, body: nil, headers: {})
    env = headers.transform_keys { |name| env_name(name) }
    env["CONTENT_TYPE"] ||= "application/json"
    input = body.is_a?(String) ? body : body.to_json
    reply = Rack::MockRequest.new(Rack::Lint.new(app)).request(method, path, env.merge(input: body.nil? ? "" : input))
    Answer.new(reply.status, reply.headers, reply.body)
  end

  def zoho_call(method, path, body = nil, token: zoho.access_token, headers: {})
    headers = { "Authorization" => "Zoho-oauthtoken #{token}" }.merge(headers)
    rack_call(zoho, method, "/crm/v8/#{path}", body:, headers:)
  end

  def insert(module_name, *records)
    zoho_call("POST", module_name, { data: records })
  end

  def upsert(module_name, *records, **more)
    zoho_call("POST", "#{module_name}/upsert", { data: records, **more })
  end

  def zendesk_call(method, path, body = nil, token: zendesk.access_token, headers: {})
    headers = { "Authorization" => "Bearer #{token}" }.merge(headers)
    rack_call(zendesk, method, "/api/v2/#{path}", body:, headers:)
  end

  def form_call(app, path, params)
    rack_call(app, "POST", path, body: URI.encode_www_form(params),
                                 headers: { "Content-Type" => "application/x-www-form-urlencoded" })
  end

  private

  def env_name(name)
    key = name.upcase.tr("-", "_")
    key == "CONTENT_TYPE" ? key : "HTTP_#{key}"
  end
end

RSpec.configure { |config| config.include FakeCalls, :fakes }
