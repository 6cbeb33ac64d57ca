# frozen_string_literal: true

module Bench
  # The host's contact three times over one table: without callbacks, with ours, with the plan's.
  module Hosts
    # Without callbacks.
    class Plain < Pwb::Contact
    end

    # As the engine includes it.
    class Ours < Pwb::Contact
      include PwbCrm::Integrable
    end

    # As the plan includes it.
    class Planned < Pwb::Contact
      include Plan::Callbacks
    end
  end
end
