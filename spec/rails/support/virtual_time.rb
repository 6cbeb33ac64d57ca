# frozen_string_literal: true

# Hours that pass at once: for the database's times, and for fakes with a {PwbCrm::Testing::Clock}. Other processes
# stay behind.
module VirtualTime
  # @param seconds [Numeric]
  # @param clocks [Array<PwbCrm::Testing::Clock>]
  # @return [void]
  def pass(seconds, *clocks)
    PwbCrm::Sql.offset += seconds
    clocks.each { |clock| clock.advance(seconds) }
  end
end

RSpec.configure do |config|
  config.include VirtualTime, :rails
  config.after(:each, :rails) { PwbCrm::Sql.offset = 0 }
end
