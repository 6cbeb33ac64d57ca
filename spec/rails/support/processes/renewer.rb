# frozen_string_literal: true

# A worker of the host in a process of its own, that stops itself (SIGSTOP) once the remote has answered with new
# tokens and before they are stored.
#
#   ruby renewer.rb INTEGRATION_ID SETTING=URL
ENV["RAILS_ENV"] = "test"
require_relative "../../../dummy/config/environment"

# Between answer and store.
module StoppedBeforeStore
  def store_renewal(...)
    Process.kill(:STOP, Process.pid)
    super
  end
end
PwbCrm::Integration.prepend(StoppedBeforeStore)

id, remote = ARGV
setting, url = remote.split("=", 2)
PwbCrm.configure { |config| config.assign(setting => url, "allow_private_hosts" => true) }
PwbCrm::Conveyor.drain(Integer(id))
