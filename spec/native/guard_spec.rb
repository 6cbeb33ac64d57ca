# frozen_string_literal: true

require_relative "support/native_help"

RSpec.describe "The way into Rust", :native do
  # In a Ruby of its own, because what would go wrong here ends the process.
  walk = <<~'RUBY'
    native = PwbCrm.const_get(:Native)
    garbage = [nil, true, -1, 2**80, 1.5, Float::NAN, "", "x\xFF", "\0" * 9, :sym, [], [nil], [[[]]], {}, { "a" => 1 }, { nil => [] },
               Object.new, Class, -> {}, 1..2, Thread.current, BasicObject.new]
    PwbCrm.config.allow_private_hosts = true
    secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
    limits = { "timeout" => 0.2, "open_timeout" => 0.2, "allow_private_hosts" => true }
    work = { "key" => "1", "action" => "upsert", "record" => { "kind" => "contact" }, "event_id" => "m" }
    make = {
      "WebhookSigner" => -> { native::WebhookSigner.new(secrets) },
      "WebhookClient" => -> { native::WebhookClient.new({ "url" => "http://127.0.0.1:1", "limits" => limits }, secrets, "k" * 16) },
      "ZohoClient" => -> { native::ZohoClient.new({ "access_token" => "t", "api_domain" => "http://127.0.0.1:1", "limits" => limits }, {}, "k" * 16) },
      "ZendeskClient" => -> { native::ZendeskClient.new({ "access_token" => "t", "subdomain" => "a", "limits" => limits }, {}, "k" * 16) },
      "Flow" => -> { make["WebhookClient"].call.sync([work]) },
      "Pending" => -> { make["Flow"].call.submit(nil) }
    }
    calls = 0
    attempt = lambda do |target, name, arity|
      arguments = arity.zero? ? [[]] : garbage.repeated_permutation([arity, 2].min).map { |some| some + [garbage.sample] * (arity - some.size) }
      arguments.each do |given|
        calls += 1
        target.call.public_send(name, *given)
      rescue StandardError, NoMemoryError => e
        abort "#{name} let a #{e.class} out: #{e.message}" if e.is_a?(NoMemoryError) || e.instance_of?(PwbCrm::Error)
      end
    end
    abort "a class is missing in the walk" unless native.constants.map(&:to_s).sort == (make.keys + ["Payload"]).sort
    native.constants.each do |name|
      type = native.const_get(name)
      own = type.singleton_methods(false)
      own.each { |method| attempt.call(-> { type }, method, type.method(method).arity) }
      next unless type.is_a?(Class)

      type.instance_methods(false).each { |method| attempt.call(make.fetch(name.to_s), method, type.instance_method(method).arity) }
    end
    print "walked ", calls > 2_000
  RUBY

  it "lets only errors out, whatever is put in" do
    out, status = ruby(walk, within: 120)
    expect([out.lines.last, status.success?]).to eq(["walked true", true]), out
  end

  it "allows no object that Rust has not made" do
    classes = native.constants.map { |name| native.const_get(name) }.grep(Class)
    expect(classes).not_to be_empty
    classes.each { |type| expect { type.allocate }.to raise_error(TypeError) }
  end

  it "runs a flow once" do
    limits = { "timeout" => 1.0, "open_timeout" => 1.0, "allow_private_hosts" => true }
    options = { "url" => "http://127.0.0.1:1", "limits" => limits }
    flow = native::WebhookClient.new(options, [NativeHelp::SECRET], "k" * 16).sync([])
    expect(flow.drive(nil)).to eq([])
    %i[begin take].each { |way| expect { flow.public_send(way) }.to raise_error(PwbCrm::InternalError, /run already/) }
  end

  it "is taken by every native method, and blocking is left to one file" do
    files = Dir[File.expand_path("../../ext/pwb_crm/src/*.rs", __dir__)]
    sources = files.to_h { |path| [File.basename(path), File.read(path)] }
    uses = ->(pattern) { sources.select { |_, text| text.match?(pattern) }.keys.sort }
    expect(uses.call(/\b(function|method)!\(/)).to eq(["entry.rs"])
    expect(uses.call(/unsafe_code/)).to eq(%w[gvl.rs runtime.rs])
    expect(uses.call(/rb_nogvl\(/)).to eq(["gvl.rs"])
    expect(uses.call(/rb_thread_call_without_gvl\b(?!`)|Ruby::get\(/)).to be_empty
  end
end
