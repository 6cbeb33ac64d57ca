# frozen_string_literal: true

require "json"

module PwbCrm
  class Link
    # When each thing that the remote tells of a record was told last, so that what comes late takes nothing back and
    # loses nothing either: of a change that tells only what changed those fields are left that no newer one has set.
    # One that tells of the whole record is out of date once any newer one has told of its fields.
    #
    # Kept in columns of the link: the newest moment of all and, unless everything was told then, a moment for each
    # name: ".Phone" of a field, "+7" of what is told beside the fields, "*." and "*+" of all others of these.
    #
    # @api private
    class Times
      # Names that are remembered. Of more, what was told before the oldest ones counts as told again with them.
      MOST = 100
      # Characters of a name that are kept.
      LENGTH = 100
      # What nothing is older than.
      NEVER = ""
      private_constant :MOST, :LENGTH, :NEVER

      # @param link [Link]
      def initialize(link)
        @moment = link.slice(:inbound_at, :inbound_sequence).symbolize_keys
        @newest = link.inbound_at ? stamp(link.inbound_at, link.inbound_sequence) : NEVER
        @names = link.inbound_fields ? JSON.parse(link.inbound_fields) : { "*." => @newest }
      end

      # @param change [Inbound::Change]
      # @return [Inbound::Change, nil] what it tells that no newer one has told; nil where that is nothing
      def left(change)
        return change if change.appends? || (!change.partial? && whole?(change))

        fields = change.partial? ? fresh_fields(change) : {}
        change.with(fields:) if fields.any? || beside?(change)
      end

      # @param change [Inbound::Change]
      # @return [Hash{Symbol => Object}] columns of the link, once it was taken over
      def after(change)
        newest, moment = [[@newest, @moment], [of(change), change.moment]].max_by(&:first)
        names = remembered(change)
        { **moment, inbound_fields: (JSON.generate(names) unless names == { "*." => newest }) }
      end

      private

      def of(change) = stamp(change.occurred_at, change.sequence)

      # In the order of time as text, too; the remote's own order within one moment is text.
      def stamp(time, sequence) = format("%020d", (time.to_r * 1_000_000).floor) + sequence.to_s

      def fresh_fields(change) = change.fields.select { |name, _| fresh?(".", name, of(change)) }

      def whole?(change) = @names.all? { |name, at| !name.match?(/\A\*?\./) || at <= of(change) }

      def beside?(change) = change.beside && fresh?("+", change.beside, of(change))

      def fresh?(sort, name, at) = [@names["*#{sort}"], @names[key(sort, name)]].compact.all? { |known| known <= at }

      def key(sort, name) = "#{sort}#{name.to_s.length > LENGTH ? Digest::SHA256.hexdigest(name.to_s) : name}"

      def remembered(change)
        names = !change.partial? && whole?(change) ? all_told(change) : @names
        bound(names.merge(told_alone(change).index_with(of(change))))
      end

      def told_alone(change)
        names = change.partial? ? fresh_fields(change).keys.map { |name| key(".", name) } : []
        beside?(change) ? [*names, key("+", change.beside)] : names
      end

      def all_told(change) = @names.reject { |name, _| name.start_with?(".") }.merge("*." => of(change))

      def bound(names)
        single = names.except("*.", "*+").sort_by(&:last)
        single.first([single.size - MOST, 0].max).each do |name, at|
          names.delete(name)
          names["*#{name[0]}"] = [names["*#{name[0]}"], at].compact.max
        end
        names
      end
    end
  end
end
