# frozen_string_literal: true

require_relative "../support/catalogue_page"

RSpec.describe PwbCrm::Catalogue do
  let(:words) { PwbCrm.const_get(:Words) }
  let(:fake_code) do
    /"error"\s=>\s"(\w+)"|(?:refuse(?:_in_data)?\(\d+,\s|RecordError\.new\(|\d{3}\s=>\s\[)"(\w+)"|
     (?:invalid|refuse)\(.*,\s"([A-Z]\w+)"\)/x
  end

  entries = described_class.systems.flat_map { |system| described_class.entries(system) }
  # What comes with no error, or with one of any kind.
  free = %w[no_tokens worker_died outage limits tokens tenant setting discarded cancelled erased shared
            switched_off unsupported unknown foreign stale no_handler]
  # The codes of the three systems, by where they are written down.
  told = {
    "zoho_crm" => [
      # Records: status 400 to 503.
      %w[INVALID_DATA MANDATORY_NOT_FOUND EXPECTED_FIELD_MISSING DEPENDENT_FIELD_MISSING DEPENDENT_MISMATCH
         DUPLICATE_DATA INVALID_MODULE LIMIT_EXCEEDED LIMIT_REACHED RECORD_LOCKED RECORD_IN_BLUEPRINT
         MULTIPLE_OR_MULTI_ERRORS INVALID_REQUEST_METHOD AUTHORIZATION_FAILED REQUIRED_PARAM_MISSING INVALID_QUERY
         EXPIRED_VALUE DISCRETE_PAGINATION_LIMIT_EXCEEDED PAGINATION_LIMIT_EXCEEDED TOKEN_BOUND_DATA_MISMATCH
         AMBIGUITY_DURING_PROCESSING AUTHENTICATION_FAILURE INVALID_TOKEN INVALID_OAUTHTOKEN OAUTH_SCOPE_MISMATCH
         NO_PERMISSION NOT_SUPPORTED INVALID_URL_PATTERN ALREADY_MODIFIED TOO_MANY_REQUESTS RATE_LIMIT_EXCEEDED
         INTERNAL_ERROR SERVICE_UNAVAILABLE],
      # Notes, conversion, notifications.
      %w[FILE_SIZE_EXCEEDS NOT_ALLOWED ID_ALREADY_CONVERTED NOT_REVIEWED CONVERTED_RECORD NOT_SUBSCRIBED
         EXPECTED_PARAM_MISSING],
      # Tokens.
      %w[invalid_client invalid_code invalid_redirect_uri redirect_uri_mismatch invalid_client_secret general_error
         access_denied]
    ].flatten,
    "zendesk" => %w[ParameterMissing IdempotentRequestError invalid_token Forbidden RecordNotFound RecordInvalid
                    BlankValue TooManyJobs],
    "custom" => %w[gone http_429 http_502 http_504 http_3xx http_4xx http_5xx]
  }

  told.each do |system, codes|
    it "knows all codes that are known of #{system}" do
      expect(described_class.entries(system).map(&:code)).to include(*codes)
    end
  end

  it "knows all codes that the fakes may answer with" do
    said = { "zoho_crm" => "zoho", "zendesk" => "zendesk" }.transform_values do |folder|
      Dir["lib/pwb_crm/testing/{#{folder}/*,fake_#{folder}}.rb"].flat_map { |file| File.read(file).scan(fake_code) }
                                                                .flatten.compact.uniq
    end
    expect(said.transform_values(&:size)).to match("zoho_crm" => be > 15, "zendesk" => be > 15)
    said.each { |system, codes| expect(described_class.entries(system).map(&:code)).to include(*codes), system }
  end

  it "knows all codes that the gem gives of itself" do
    ruby = Dir["{app,lib}/**/*.rb"].grep_v(%r{/testing/}).flat_map do |file|
      File.read(file).scan(/code: "(\w+)"|^ *(?:CODE|LOST|NOT_ATTEMPTED|PUT_OFF|NO_TOKENS) = "(\w+)"/)
    end
    rust = Dir["src/**/*.rs"].flat_map do |file|
      text = File.read(file).split("#[cfg(test)]").first
      names = text.scan(/with_code\(([A-Z_]+)\)/).flatten
      text.scan(/with_code\("(\w+)"\)/) + names.flat_map { |name| text.scan(/const #{name}: &str = "(\w+)"/) }
    end
    codes = [*ruby, *rust].flatten.compact.uniq - %w[INVALID_DATA text NULL]
    expect(codes).to include("worker_died", "discarded", "closed", "not_attempted", "put_off", "no_tokens",
                             "host_database")
    expect(codes.reject { |code| described_class.systems.any? { |system| code?(system, code) } }).to be_empty
  end

  def code?(system, code) = described_class.entries(system).any? { |entry| entry.code == code }

  def plain
    satisfy("a plain sentence") { |text| text.match?(/\A[A-Za-z].{4,158}\.\z/) && !text.match?(/%\{|\s\s/) }
  end

  describe "each code" do
    entries.each do |entry|
      it "#{entry.code} of #{entry.system} has a class, a cause and a next step" do
        expect(entry.error_class).to(free.include?(entry.code) && !entry.kind ? be_nil : be < PwbCrm::Error)
        expect([entry.cause, entry.cure].uniq).to contain_exactly(plain, plain)
      end
    end
  end

  it "has words for what is listed only" do
    codes = words.keys("errors").to_h { |system| [system, words.keys("errors.#{system}")] }
    expect(codes).to eq(described_class.systems.to_h { |system| [system, described_class.entries(system).map(&:code)] })
  end

  it "has words for each kind of error" do
    own = PwbCrm.constants.grep(/Error\z/).map { |name| PwbCrm.const_get(name) }
    expect(own.size).to eq(14)
    expect(words.keys("kinds").map(&:to_sym)).to match_array(own.map { |type| type.new.kind })
  end

  describe ".find" do
    def found(...) = described_class.find(...).to_h.slice(:code, :kind)

    it "tells what a code of a system means" do
      entry = described_class.find("zoho_crm", "MANDATORY_NOT_FOUND")
      expect(entry).to have_attributes(error_class: PwbCrm::ValidationError, cure: /\AFill in the field/,
                                       cause: "A field that Zoho requires is empty.")
      expect(found("zoho_crm", "invalid_client")).to include(kind: :authentication)
      expect(found("zendesk", "invalid_client")).to include(kind: :configuration)
    end

    it "knows the gem's own codes whatever the system" do
      expect(%w[zoho_crm hubspot].map { |system| found(system, "not_attempted") }.uniq)
        .to eq([{ code: "not_attempted", kind: :timeout }])
      expect(found("zendesk", "put_off")).to eq(code: "put_off", kind: :rate_limit)
      expect(described_class.find("custom", "no_tokens", kind: :remote))
        .to have_attributes(error_class: nil, cause: /token/)
    end

    it "reads a status by its first digit, unless it is listed itself" do
      expect(found("custom", "http_418")).to eq(code: "http_418", kind: :validation)
      expect(found("custom", "http_599")).to eq(code: "http_599", kind: :remote)
      expect(found("custom", "http_429")).to eq(code: "http_429", kind: :rate_limit)
      expect(found("custom", "http_4290")).to eq(code: "http_4290", kind: :error)
    end

    it "goes by the kind where the code is new, has two meanings, or is the kind itself" do
      expect(described_class.find("zoho_crm", "NEWS", kind: :conflict))
        .to have_attributes(kind: :conflict, cure: /again/)
      expect(found("zoho_crm", "INVALID_DATA", kind: :not_found)).to eq(code: "INVALID_DATA", kind: :not_found)
      expect(found("zendesk", "rate_limit")).to eq(code: "rate_limit", kind: :rate_limit)
      expect(described_class.find("zoho_crm", "NEWS")).to have_attributes(error_class: PwbCrm::Error, cause: /not know/)
      expect(found("hubspot", nil)).to eq(code: "", kind: :error)
    end
  end

  describe "an error" do
    it "says what to do about it" do
      error = PwbCrm::ValidationError.new("m", code: "DUPLICATE_DATA")
      expect(error.cure).to eq("Another record in Zoho holds the same unique value: merge the two there.")
      expect(PwbCrm::ConnectionError.new.cure).to include("network and DNS")
    end

    it "goes by its kind where two systems mean different things by its code" do
      expect(PwbCrm::AuthenticationError.new("m", code: "invalid_token").cure).to eq("Connect the account again.")
      expect(PwbCrm::SignatureError.new("m", code: "stale").cure).to include("clocks")
      expect(PwbCrm::AuthenticationError.new("m", code: "invalid_client").cure).to include("Zoho")
    end

    it "says it without Rails, too, and without I18n" do
      code = 'require "pwb_crm"; print PwbCrm::RateLimitError.new("m", code: "http_429").cure, defined?(I18n).inspect'
      told = IO.popen([RbConfig.ruby, "-I", "lib", "-e", code], unsetenv_others: true, &:read)
      expect(told).to eq("It will be tried again after a pause; if it comes often, raise the receiver's limit.nil")
    end

    # Which has no I18n of its own.
    it "says it in English in another Ractor" do
      code = <<~RUBY
        require "i18n"
        require "pwb_crm"
        I18n.backend.store_translations(:en, pwb_crm: { errors: { zoho_crm: { DUPLICATE_DATA: { cure: "Ours." } } } })
        PwbCrm.eager_load!
        say = -> { PwbCrm::ValidationError.new("m", code: "DUPLICATE_DATA").cure }
        print say.call, Ractor.new { PwbCrm::ValidationError.new("m", code: "DUPLICATE_DATA").cure }.take
      RUBY
      told = IO.popen([RbConfig.ruby, "-W:no-experimental", "-I", "lib", "-e", code], err: %i[child out], &:read)
      expect(told).to eq("Ours.Another record in Zoho holds the same unique value: merge the two there.")
    end
  end

  it "is the table of the guide" do
    expect(File.read("docs/11_error_codes.md", encoding: "UTF-8")).to eq(CataloguePage.text)
  end
end
