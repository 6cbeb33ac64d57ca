# frozen_string_literal: true

require_relative "support/native_help"

RSpec.describe "A process that has no descriptor left", :native do
  # In a child, whose limits are its own: the error's class, whether it may pass, and what was sent.
  def child
    reader, writer = IO.pipe
    pid = fork { writer.syswrite(yield) && exit!(0) }
    writer.close
    reader.read.tap { Process.wait(pid) }
  end

  # Loads what is still to be loaded first.
  def use_up_descriptors
    PwbCrm.eager_load!
    Process.setrlimit(:NOFILE, 64)
    files = []
    loop { files << File.open(File::NULL) }
  rescue Errno::EMFILE
    files
  end

  it "is told so with an error that passes: nothing was sent, and deliveries are tried again" do
    unused = client(server.url)
    told = child do
      taken = use_up_descriptors
      unused.sync([work]).inspect + taken.size.to_s
    rescue PwbCrm::Error => e
      [e.class, e.retryable?, e.sent, e.message].inspect
    end
    expect(told).to match(/\A\[PwbCrm::ConnectionError, true, :no, "the system gave pwb_crm no thread or descriptor/)
  end
end
