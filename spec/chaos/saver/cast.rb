# frozen_string_literal: true

module Chaos
  class Saver
    # The records that a saver made and goes on with, and those that all savers share.
    class Cast
      # Those that are changed and deleted again and again: the newest of each kind.
      SIZE = 12
      SHARED = 8

      # Contacts that all savers change at the same time.
      #
      # @return [void]
      def self.settle_shared
        Town::PLAN.each_key do |tenant|
          SHARED.times do |number|
            mark = Mark.new(kind: "c", tenant:, saver: 0, number:, version: 1)
            Account.new(0, nil).note("contact", mark) do
              Pwb::Contact.create!(website_id: tenant, first_name: "Shared", last_name: mark.to_s,
                                   primary_email: "#{mark.record}@example.com", primary_phone_number: "1")
            end
          end
        end
      end

      def initialize(number, random)
        @number = number
        @random = random
        @last = 0
        @own = Hash.new { |all, kind| all[kind] = [] }
      end

      def tenant = @tenant ||= @random.rand(1..Town::PLAN.size)

      # The next flow may be another tenant's.
      def move
        @tenant = nil
        @user = nil
      end

      def mark(kind) = Mark.new(kind: Mark::KINDS.fetch(kind), tenant:, saver: @number, number: @last += 1, version: 1)

      def keep(kind, id)
        list = @own[kind]
        list.shift if list.size >= SIZE
        list << id
      end

      def drop(kind, id) = @own[kind].delete(id)

      # One of the saver's own, of any tenant; its next change bears the next number.
      def any(kind) = @own[kind].sample(random: @random)

      def some(kind, count) = @own[kind].sample(count, random: @random)

      # @yieldparam id [Object]
      # @yieldreturn [Boolean] whether it is still there
      def clear_gone(kind, &) = @own[kind].select!(&)

      def forget = @own.clear

      def shared(count)
        Pwb::Contact.where(website_id: tenant).where("last_name LIKE ?", "c#{tenant}s0n%").order(:id).ids
                    .sample(count, random: @random)
      end

      # Somebody who opens tickets.
      def user
        @user ||= Pwb::User.create!(email: "u#{tenant}s#{@number}n#{@last += 1}@example.com", first_names: "Uma",
                                    last_names: "User")
      end
    end
  end
end
