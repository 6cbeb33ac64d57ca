# frozen_string_literal: true

# Calls every public method that leads to the native core with garbage. Nothing comes out but errors of the gem that
# name what was wrong. Prints what did not, and how many calls there were.

require_relative "variants"
require_relative "public_table"

# The walk, method by method.
class PublicWalk
  MODULES = [PwbCrm::ZohoClient, PwbCrm::ZendeskClient, PwbCrm::WebhookClient, PwbCrm::WebhookSigner,
             PwbCrm::Payload].freeze
  ANSWERS = [PwbCrm::SignatureError, PwbCrm::ConnectionError].freeze

  attr_reader :calls, :faults

  def initialize
    @calls = 0
    @faults = []
  end

  def run
    table = PublicTable.entries
    @faults.concat((names - table.keys).map { |name| "#{name} has no entry in PublicTable" })
    table.each { |name, (good, call)| walk(name, good, call) }
    @faults << "there were panics: #{PwbCrm.panics}" unless PwbCrm.panics.values.sum.zero?
    self
  end

  private

  def names
    MODULES.flat_map do |type|
      own = type.singleton_methods(false) + (type.is_a?(Class) ? [:new] : [])
      all = own.map { |name| ".#{name}" } + type.public_instance_methods(false).map { |name| "##{name}" }
      all.map { |name| type.name.split("::").last + name }
    end
  end

  def walk(name, good, call)
    attempt("#{name}, as it should be", "", call, good)
    Variants.new([good]).each do |place, label, (given)|
      next if ["[0]", "[0].of no name"].include?(place) || (label == "left out" && place.end_with?("accounts_server"))

      field = place.delete_prefix("[0]") unless plain?(good)
      attempt("#{name}#{place}, #{label}", field.to_s, call, given)
    end
  end

  # A single argument without anything in it need not be named.
  def plain?(good) = good.size == 1 && good.values.none? { |value| value.is_a?(Enumerable) }

  def attempt(what, place, call, given)
    @calls += 1
    call.call(given)
  rescue PwbCrm::Error => e
    @faults << "#{what}: #{e.class} does not name it: #{e.message[0, 200]}" unless told?(e, place)
  rescue ArgumentError => e
    fault(what, e) unless what.end_with?("left out") && e.message.start_with?("missing keyword")
  rescue Exception => e # rubocop:disable Lint/RescueException -- whatever else comes out is what we are looking for
    fault(what, e)
  end

  # Whether the message has the record and the field, or what the field is in where that cannot be looked at.
  # An error about something else (a signature that does not verify, nobody at the other end) says that it was taken.
  def told?(error, place)
    case error
    when *ANSWERS then true
    when PwbCrm::InternalError then false
    else names_field?(error.message, place) && error.message.include?(place[/works\[\d\]/].to_s)
    end
  end

  # In words: "api_token" as "API token", "secrets" as "secret".
  def names_field?(message, place)
    words = message.downcase.tr("_-", "  ")
    fields = place.scan(/[a-z_-]+/).last(2)
    fields.empty? || fields.any? { |field| words.include?(field.tr("_-", "  ").delete_suffix("s")) }
  end

  def fault(what, exception) = @faults << "#{what}: #{exception.class} #{exception.message[0, 200]}"
end

PwbCrm.config.allow_private_hosts = true
PwbCrm.config.zendesk_base_url = PublicTable::HERE
walk = PublicWalk.new.run
puts walk.faults.uniq.first(50), "#{walk.calls} calls"
