# frozen_string_literal: true

module Demo
  # Prints what happens.
  class Transcript
    # @param out [IO]
    def initialize(out)
      @out = out
      @chapters = 0
    end

    # @return [void]
    def title(text) = @out.puts(text, "=" * text.length)

    # @return [void]
    def chapter(text) = @out.puts("", "#{@chapters += 1}. #{text}", "")

    # @return [void]
    def say(text = "") = @out.puts(text.empty? ? "" : "  #{text}")

    # @param record [ActiveRecord::Base]
    # @return [void]
    def saved(record, what)
      website = (record.try(:support_ticket) || record).website
      say("saved     #{"#{website.subdomain}: #{kind(record)} #{short(record.id)}".ljust(26)} #{what}")
    end

    # @param system [System]
    # @param requests [Array<PwbCrm::Testing::RecordedRequest>]
    # @return [void]
    def received(system, requests)
      say
      say("#{system.name} received #{requests.empty? ? "nothing" : requests.size}")
      requests.each { |request| received_one(system, request) }
    end

    # @param rows [Array<Array<Object>>] the first one is the head
    # @return [void]
    def table(rows)
      widths = rows.transpose.map { |column| column.map { |cell| cell.to_s.length }.max }
      rows.each { |row| say(row.zip(widths).map { |cell, width| cell.to_s.ljust(width) }.join("  ").rstrip) }
    end

    # @param passed [Boolean]
    # @return [void]
    def check(passed, text) = say("#{passed ? "ok    " : "FAILED"}    #{text}")

    private

    def received_one(system, request)
      say("  #{system.headline(request)}")
      flat(system.fields(request)).each { |name, value| field(name, value.to_s) }
    end

    # { "Parent_Id" => { "id" => 1 } } as "Parent_Id.id" => 1
    def flat(fields)
      fields.flat_map do |name, value|
        value.is_a?(Hash) ? flat(value).map { |inner, leaf| ["#{name}.#{inner}", leaf] } : [[name, value]]
      end
    end

    def field(name, value)
      first, *more = value.lines(chomp: true)
      say("      #{name}: #{first}")
      more.each { |line| say("      #{" " * name.length}  #{line}".rstrip) }
    end

    def kind(record) = record.class.name.demodulize.underscore.humanize(capitalize: false)

    # A UUID says no more in full.
    def short(id) = id.to_s.length > 10 ? "#{id.to_s.first(8)}…" : id
  end
end
