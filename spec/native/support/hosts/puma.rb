# frozen_string_literal: true

workers 2
threads 2, 2
preload_app!
bind "unix://#{ENV.fetch("SOCKET")}"
worker_check_interval 1
worker_shutdown_timeout 5
