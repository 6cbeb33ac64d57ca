# frozen_string_literal: true

# Processes of the host beside this one, on the database of the specs. They need committed rows.
module Processes
  # @param name [String] of a script in support/processes
  # @return [String] its path
  def script(name) = File.join(__dir__, "processes", "#{name}.rb")

  # @param name [String] as above
  # @param env [Hash{String => String}]
  # @return [Integer] the pid, to be waited for
  def start_process(name, *arguments, env: {})
    spawn(env, RbConfig.ruby, script(name), *arguments.map(&:to_s), %i[out err] => File::NULL)
  end

  # @return [void]
  def kill_process(pid)
    Process.kill(:KILL, pid)
    Process.wait(pid)
  end
end

RSpec.configure { |config| config.include Processes, :rails }
