# frozen_string_literal: true

# What the engine relies on when something goes wrong: a part of "a pwb_crm provider".
RSpec.shared_examples "what a pwb_crm provider says of errors" do # rubocop:disable Metrics/BlockLength -- it is one list
  {
    401 => [PwbCrm::AuthenticationError, PwbCrm::PermissionError], 403 => [PwbCrm::PermissionError],
    404 => [PwbCrm::NotFoundError, PwbCrm::InternalError], 422 => [PwbCrm::ValidationError],
    500 => [PwbCrm::RemoteError]
  }.each do |status, classes|
    it "takes #{status} for #{classes.map { |type| type.name.demodulize }.join(" or ")}, and for an answer" do
      error = trial.error_of(status:)
      expect(error).to be_a(classes.first).or be_a(classes.last)
      expect(%i[yes maybe]).to include(error.sent)
    end
  end

  it "takes no status from 400 on for success, nor for a fault of the credentials" do
    [400, 409, 410, 413, 502, 503, 504].each do |status|
      error = trial.error_of(status:)
      expect(error).to be_a(PwbCrm::Error), "#{status} is taken for success"
      expect(error).not_to be_a(PwbCrm::AuthenticationError), "#{status} is taken for a fault of the credentials"
      expect(%i[yes maybe]).to include(error.sent)
    end
  end

  it "repeats nothing by itself, which is for the engine to do" do
    [{ status: 500 }, { status: 503 }, { reset: :before }].each do |plan|
      expect(trial.asked { trial.error_of(**plan) }.values).to all(eq(1)), "after #{plan} it asks once more"
    end
  end

  it "takes 429 for RateLimitError, with the pause that was asked for" do
    expect(trial.error_of(status: 429, retry_after: 30)).to be_a(PwbCrm::RateLimitError)
      .and have_attributes(retry_after: 30)
  end

  it "takes an answer that it cannot read for RemoteError, of a write that may have arrived" do
    skip "nothing is read in its remote's answers" if journal
    error = trial.error_of(garbage: :html)
    expect(error).to be_a(PwbCrm::RemoteError)
    expect(%i[yes maybe]).to include(error.sent)
  end

  it "takes a connection that breaks for ConnectionError, which may have come after the request" do
    expect(trial.error_of(reset: :after)).to be_a(PwbCrm::ConnectionError).and have_attributes(sent: :maybe)
  end

  it "takes a write that is not answered in time for one that may have arrived" do
    expect(trial.late).to be_a(PwbCrm::ConnectionError).and have_attributes(sent: :maybe)
  end

  it "tells what is refused of one record of that record alone" do
    skip "its records share their requests" unless trial.one_by_one?
    refused, others = trial.one_refused.partition { |_, outcome| outcome&.failed? }
    expect(refused.map { |_, outcome| outcome.error.class }).to eq([PwbCrm::ValidationError])
    others.each { |work, outcome| expect(trial.held_of(work, outcome)).to include(trial.words(work)) }
  end

  it "is done within its time, which is that of all works together" do
    errors, seconds = trial.unanswered(6, within: 1)
    expect(errors).to all(be_a(PwbCrm::ConnectionError))
    expect(seconds).to be < 4
  end
end
