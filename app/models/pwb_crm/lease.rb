# frozen_string_literal: true

module PwbCrm
  # The right to deliver for one integration, for a while. It keeps its records in order and its
  # token refresh single. The number of the lease fences it: who lost it can no longer write.
  class Lease
    # Somebody else has the lease now; stop without another call or write.
    class Lost < StandardError; end

    # @return [Integer]
    attr_reader :integration_id, :token

    # @param integration_id [Integer]
    # @param seconds [Numeric] until another worker may take over
    # @return [Lease, nil] nil while another worker has it
    def self.acquire(integration_id, seconds: PwbCrm.config.lease_time)
      token = Integration.run(<<~SQL, integration_id:).rows.dig(0, 0)
        UPDATE #{Integration.quoted_table_name} SET lease_token = lease_token + 1, leased_until = #{Sql.now(seconds)}
        WHERE id = :integration_id AND (leased_until IS NULL OR leased_until <= #{Sql.now}) RETURNING lease_token
      SQL
      new(integration_id, token) if token
    end

    def initialize(integration_id, token)
      @integration_id = integration_id
      @token = token
    end

    # Makes the lease outlive what is about to be done.
    #
    # @param seconds [Numeric] the total deadline of the calls that follow, with a margin
    # @return [void]
    # @raise [Lost]
    def renew(seconds)
      until_then = Arel.sql(Sql.now(seconds))
      live = mine.where("leased_until > #{Sql.now}")
      insist live.note(leased_until: until_then)
    end

    # To be the first statement of every transaction that writes results.
    #
    # @param values [Hash] columns of the integration to write along
    # @return [void]
    # @raise [Lost]
    def fence(values = {})
      insist mine.note(last_attempted_at: Arel.sql(Sql.now), **values)
    end

    # @return [void]
    def release = mine.note(leased_until: nil)

    private

    def insist(rows)
      raise Lost, "the lease of integration #{integration_id}" unless rows == 1
    end

    def mine = Integration.where(id: integration_id, lease_token: token)
  end
end
