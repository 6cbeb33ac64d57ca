# frozen_string_literal: true

# A remote that writes down when which process sent what: its integration's settings say where.
class DiaryProvider < PwbCrm::Providers::Base
  SECONDS = 0.01

  def push(works, within:) # rubocop:disable Lint/UnusedMethodArgument
    began = now
    sleep SECONDS
    ids = works.map { |work| work[:record][:id] }
    File.open(settings.fetch("diary"), "a") { |file| file.puts("#{Process.pid} #{began} #{now} #{ids.join(",")}") }
    works.map { |work| outcome(work) }
  end

  private

  def outcome(work)
    PwbCrm::Outcome.new(key: work[:key], status: :succeeded, action: :created, id: "remote-#{work[:record][:id]}",
                        external_type: "thing", shadow: {}, mapping_version: "1", calls: [])
  end

  # The same for all processes.
  def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
end

PwbCrm::Providers.register("diary", "DiaryProvider")
