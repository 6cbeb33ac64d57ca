# frozen_string_literal: true

module PwbCrm
  class Configuration
    # The way out: deadlines, which addresses may be called, and the seam for tests.
    module Network
      extend Setting

      # @!attribute [rw] timeout
      #   @return [Numeric] seconds for a whole request, from DNS to the last byte; default 30
      setting :timeout, :seconds, 30

      # @!attribute [rw] open_timeout
      #   @return [Numeric] seconds for DNS, TCP and TLS together; default 10
      setting :open_timeout, :seconds, 10

      # @!attribute [rw] ca_file
      #   @return [String, Pathname, nil] a PEM file of authorities to trust besides the system's; read when a
      #     client is made; default nil
      setting :ca_file, :optional_path

      # @!attribute [rw] proxy
      #   An HTTP proxy that every request goes through, such as "http://name:password@proxy.example:3128".
      #   It looks the names up, so it must refuse those that lead into the private network itself.
      #   `HTTP_PROXY` and its like are not read.
      #   @return [String, nil] default nil
      setting :proxy, :optional_proxy

      # @!attribute [rw] allow_private_hosts
      #   @return [Boolean] whether private and loopback addresses may be called, and webhooks also over plain
      #     http, to localhost and to private or loopback addresses in digits; for development and test only;
      #     default false
      setting :allow_private_hosts, :boolean, false

      # @!attribute [rw] allow_private_hosts_in_production
      #   @return [Boolean] whether {#allow_private_hosts} may be used in production (`Rails.env`; without Rails,
      #     `RAILS_ENV`, `RACK_ENV` or `APP_ENV`): whoever sets up a webhook can then call what is in your private
      #     network; default false
      setting :allow_private_hosts_in_production, :boolean, false

      # @!attribute [rw] allowed_ports
      #   @return [Array<Integer>] the ports of webhooks that may be called; with {#allow_private_hosts}
      #     any; default 443 and 8443
      setting :allowed_ports, :ports, [443, 8443].freeze

      # @!attribute [rw] transport
      #   A Ruby callable that makes the requests instead of the native transport, for tests and
      #   development. It is called with a {Request} and answers a {Response}, anything else with
      #   `status`, `headers` and `body`, or a Rack triple. What it raises, if it is a StandardError, becomes the
      #   `cause` of a {ConnectionError} that says `sent: :maybe`: a {TimeoutError} for a Timeout::Error; an
      #   {Error} of this gem keeps its class. That holds for each StandardError raised inside it, by whomever: an
      #   exception class of yours in `Timeout.timeout` or `Thread#raise` comes back as a {ConnectionError}, too.
      #   @return [#call, nil] default nil, the native transport
      setting :transport, :optional_callable

      # @!attribute [rw] allow_transport_in_production
      #   @return [Boolean] whether {#transport} may be used in production, as
      #     {#allow_private_hosts_in_production} says. It has no check of resolved addresses, so something else
      #     must keep requests from private networks; default false
      setting :allow_transport_in_production, :boolean, false

      # @!attribute [rw] zoho_base_url
      #   @return [String, nil] an address on this machine that plays Zoho CRM, its accounts server
      #     included; needs {#allow_private_hosts}; default nil
      setting :zoho_base_url, :loopback_url

      # @!attribute [rw] zendesk_base_url
      #   @return [String, nil] an address on this machine that plays Zendesk; needs
      #     {#allow_private_hosts}; default nil
      setting :zendesk_base_url, :loopback_url
    end
  end
end
