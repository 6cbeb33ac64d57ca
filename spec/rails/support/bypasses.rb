# frozen_string_literal: true

# Steps of a host that goes past its own callbacks, and sometimes does not.
class Bypasses
  NAMES = %w[Ana Eva Bo Li Max].freeze

  def initialize(site, seed)
    @site = site
    @random = Random.new(seed)
  end

  def step = public_send(%i[insert update columns upsert delete save sql destroy].sample(random: @random))

  def insert = Pwb::Contact.insert_all(Array.new(3) { { website_id: @site.id, first_name: name } })
  def update = some.update_all(first_name: name, updated_at: Time.current)
  def columns = one&.update_columns(first_name: name, updated_at: Time.current)
  def delete = some.delete_all
  def save = one ? one.update!(first_name: name) : Pwb::Contact.create!(website: @site, first_name: name)
  def destroy = one&.destroy!

  def upsert
    ids = some.ids
    Pwb::Contact.upsert_all(ids.map { |id| { id:, website_id: @site.id, first_name: name } }) if ids.any?
  end

  def sql
    connection = Pwb::Contact.lease_connection
    values = [name, Time.current].map { |value| connection.quote(value) }
    connection.execute("UPDATE pwb_contacts SET first_name = #{values[0]}, updated_at = #{values[1]} " \
                       "WHERE id IN (#{some.ids.push(0).join(", ")})")
  end

  private

  def name = "#{NAMES.sample(random: @random)} #{@random.rand(1000)}"
  def ids = Pwb::Contact.order(:id).ids
  def some = Pwb::Contact.where(id: ids.sample(2, random: @random))
  def one = Pwb::Contact.find_by(id: ids.sample(random: @random))
end
