# frozen_string_literal: true

# What reaches the host's error reporter while an example runs.
class Reported
  def initialize = @all = []

  def report(error, **context) = @all << [error, context]

  def errors = @all.map(&:first)

  def contexts = @all.map(&:last)
end

RSpec.shared_context "with an error reporter" do
  let(:reported) { Reported.new }

  around do |example|
    Rails.error.subscribe(reported)
    example.run
  ensure
    Rails.error.unsubscribe(reported)
  end
end
