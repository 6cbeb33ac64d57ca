# frozen_string_literal: true

require_relative "lib/pwb_crm/version"

Gem::Specification.new do |spec|
  spec.name = "pwb_crm"
  spec.version = PwbCrm::VERSION
  spec.authors = ["The pwb_crm authors"]
  spec.summary = "Connects multi-tenant Rails apps to Zoho CRM, Zendesk and signed webhooks."
  spec.description = "Contacts, enquiries and support tickets reach each tenant's Zoho CRM, Zendesk and webhooks " \
                     "in order and are never lost. A Rust core builds, signs and sends; Ruby is a Rails engine on top."
  spec.license = "MIT"
  spec.required_ruby_version = ">= 3.2"
  spec.metadata = { "rubygems_mfa_required" => "true" }

  # Only what the gem needs to build and to run: no manifest in here may name a file that is not.
  spec.files = Dir.chdir(__dir__) do
    Dir["{lib,app,config,db,sig,docs}/**/*", "src/**/*.rs", "ext/**/*.{rs,rb,toml}",
        "Cargo.{toml,lock}", "README.md", "CHANGELOG.md", "LICENSE.txt"]
      .select { |path| File.file?(path) }.grep_v(/\.(so|bundle|dll)\z/)
  end
  spec.require_paths = ["lib"]
  spec.extensions = ["ext/pwb_crm/extconf.rb"]

  spec.add_dependency "actionpack", ">= 7.2"
  spec.add_dependency "activejob", ">= 7.2"
  spec.add_dependency "activerecord", ">= 7.2"
  spec.add_dependency "railties", ">= 7.2"
  spec.add_dependency "rb_sys", "~> 0.9"
end
