# frozen_string_literal: true

require "timeout"
require "uri"

module PwbCrm
  module Testing
    # Joins the clients and the fakes inside one process: give it to +PwbCrm.config.transport+. It needs no
    # port, sleeps for nothing, and is deterministic.
    #
    # @example
    #   PwbCrm.config.transport = PwbCrm::Testing::Seam.new(
    #     "www.zohoapis.com" => zoho, "accounts.zoho.com" => zoho,
    #     "acme.zendesk.com" => zendesk, "hooks.example.com" => receiver
    #   )
    class Seam
      # @param routes [Hash{String => #call}] host, or "host:port", to a Rack application
      def initialize(routes)
        @routes = routes.transform_keys { |host| host.to_s.downcase }
      end

      # @param host [String] or "host:port"
      # @param app [#call] a Rack application; it takes the place of one that stood for this host
      # @return [self]
      def add(host, app)
        @routes = @routes.merge(host.to_s.downcase => app)
        self
      end

      # @param host [String] or "host:port"
      # @return [#call, nil] what stands for it
      def [](host) = @routes[host.to_s.downcase]

      # @param request [#method, #url, #headers, #body, #deadline] one request; +deadline+ is a Time or nil
      # @return [Response]
      # @raise [SocketError] when no fake stands for the host, as for a name that does not resolve
      # @raise [Timeout::Error] when a planned delay ends after +request.deadline+; nothing is slept. The fake
      #   has carried the request out, as a slow server would
      # @raise [Errno::ECONNRESET] for a planned reset
      def call(request)
        uri = address(request)
        status, headers, body = app_for(uri).call(env_for(uri, request))
        PwbCrm::Response.new(status, headers, body)
      end

      private

      # As the clients read it. What cannot be read is not shown: paths and queries can be secrets.
      def address(request)
        Request.new(method: request.method.to_s, url: request.url).uri
      rescue URI::InvalidURIError
        raise SocketError, "no fake stands for a host that is no name; the seam knows #{known}", cause: nil
      end

      def app_for(uri)
        host = uri.host.to_s.downcase
        @routes["#{host}:#{uri.port}"] || @routes[host] ||
          raise(SocketError, "no fake stands for #{host.inspect}; the seam knows #{known}")
      end

      def known = @routes.keys.join(", ")

      def env_for(uri, request)
        options = { method: request.method.to_s.upcase, input: request.body.to_s.b, "HTTP_HOST" => host_header(uri),
                    Connection::WAIT => ->(seconds) { judge(request.deadline, seconds) } }
        Rack::MockRequest.env_for(uri.to_s, options.merge(env_headers(request)))
      end

      def env_headers(request)
        request.headers.to_h { |name, value| [env_key(name), value.to_s] }
      end

      def host_header(uri)
        uri.port == uri.default_port ? uri.host : "#{uri.host}:#{uri.port}"
      end

      def env_key(name)
        key = name.to_s.upcase.tr("-", "_")
        %w[CONTENT_TYPE CONTENT_LENGTH].include?(key) ? key : "HTTP_#{key}"
      end

      def judge(deadline, seconds)
        return if deadline.nil? || Time.now + seconds <= deadline

        raise Timeout::Error, "no answer before the deadline (the fake was told to wait #{seconds} s)"
      end
    end
  end
end
