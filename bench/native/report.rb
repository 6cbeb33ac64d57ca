# frozen_string_literal: true

require "etc"

module Bench
  # All tables of the native core.
  class NativeReport
    # Rounds, and seconds for each reading.
    FULL = [5, 0.6].freeze
    QUICK = [5, 0.25].freeze
    HEADS = { ours: "ours", core: "core alone", net_http: "Net::HTTP", faraday: "Faraday", typhoeus: "Typhoeus",
              http_rb: "http.rb" }.freeze
    # What stands in Net::HTTP's place where there is no network.
    OTHERS = { sign_small: "OpenSSL::HMAC", sign_medium: "OpenSSL::HMAC", sign_large: "OpenSSL::HMAC",
               payload: "JSON.generate" }.freeze

    # @param quick [Boolean] shorter readings
    def initialize(quick:)
      @rounds, @seconds = quick ? QUICK : FULL
      @sides = Sides.present
    end

    # @return [void]
    def print
      began = Bench.now
      puts machine, ""
      contests
      puts remote_tables, local_table, aims, format("%.1f minutes", (Bench.now - began) / 60)
    end

    private

    def machine
      versions = { "Ruby" => RUBY_VERSION, "pwb_crm" => PwbCrm::VERSION,
                   "Faraday" => defined?(Faraday::VERSION) && Faraday::VERSION,
                   "Typhoeus" => defined?(Typhoeus::VERSION) && Typhoeus::VERSION,
                   "http.rb" => defined?(HTTP::VERSION) && HTTP::VERSION }
      load = File.exist?("/proc/loadavg") ? File.read("/proc/loadavg").split.first : "unknown"
      told = versions.map { |name, version| "#{name} #{version || "missing"}" }
      "#{Etc.nprocessors} cores, load #{load} at the start; #{told.join(", ")}"
    end

    def contests
      Tempfile.create("bench_ca") do |file|
        Sink.start(canned: true, ca_file: file.path) do |sink|
          Core.start(sink, file.path) { |core| run(core, sink, file.path) }
        end
      end
    end

    def run(core, sink, ca_file)
      @remote = Rows.remote(sink, ca_file)
      @local = Rows.local
      both = @sides.slice(:ours, :net_http)
      @contests = @remote.to_h { |row| [row.key, contest(row, @sides, core, sink)] }
      @contests.merge!(@local.to_h { |row| [row.key, contest(row, both, core, sink)] })
    end

    def contest(row, sides, core, sink)
      $stderr.print "#{row.title} … " if $stderr.tty?
      Contest.new(row, sides, core, sink).run(rounds: @rounds, seconds: @seconds)
    end

    def remote_tables
      title = "Microseconds of the %s for a call, and how many times ours"
      [remote_table("1. #{format(title, "caller's CPU")} (user and system, all threads)", :cpu_each),
       remote_table("2. #{format(title, "clock")}; what part of a core the sink was busy", :each, busy: true)]
    end

    def remote_table(title, what, busy: false)
      head = ["", *HEADS.values, *("sink" if busy)]
      rows = @remote.map { |row| [row.title, *cells(row, HEADS.keys, what), *(sink_share(row) if busy)] }
      Table.text(title, head, rows)
    end

    def local_table
      rows = @local.map { |row| [row.title, *cells(row, %i[ours core net_http], :each), OTHERS.fetch(row.key)] }
      Table.text("3. Microseconds without a network", ["", "ours", "core alone", "in Ruby", "with"], rows)
    end

    def cells(row, names, what)
      rounds = @contests.fetch(row.key)
      names.map do |name|
        next "missing" unless rounds.include?(name)

        figure = figure(rounds.median(name, &what))
        name == :ours ? figure : "#{figure} #{Table.times(rounds.ratio(name, :ours, &what))}"
      end
    end

    def figure(microseconds) = Table.number(microseconds, microseconds < 10 ? 2 : 0)

    def sink_share(row)
      shares = @contests.fetch(row.key).most(&:sink_share)
      shares.zero? ? "unknown" : Table.number(shares, 2)
    end

    def aims
      titles = (@remote + @local).to_h { |row| [row.key, row.title] }
      rows = Aims.rows(titles, @contests) { |row, side| (side == :net_http && OTHERS[row]) || HEADS.fetch(side) }
      Table.text("4. What we want of it", ["", "", "measured", "aim"], rows)
    end
  end
end
