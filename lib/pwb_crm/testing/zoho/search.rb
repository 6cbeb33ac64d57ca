# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # GET /{module}/search by +email+, +phone+, +word+ or +criteria+.
      #
      # Source: Zoho CRM v8, search-records page: +equals+ finds what contains the text, e-mail looks into every
      # e-mail field, criteria hold at most ten conditions.
      # @api private
      class Search
        KINDS = %w[criteria email phone word].freeze
        CONDITION = /\(([A-Za-z0-9_]+):([a-z_]+):((?:\\.|[^()\\])*)\)/
        MAX_CONDITIONS = 10

        def initialize(schema, query)
          @schema = schema
          @query = query
        end

        # @return [Array<Hash>] the records found
        def call(module_name, records)
          @fields = @schema.fields(module_name)
          kind = KINDS.find { |name| !@query[name].to_s.empty? } || Errors.missing_param("criteria")
          test = kind == "criteria" ? criteria(@query[kind]) : one_of(names(kind), @query[kind])
          records.select(&test)
        end

        private

        def names(kind)
          return @fields.keys if kind == "word"

          @fields.values.select { |field| field.type.to_s == kind }.map(&:name)
        end

        def one_of(names, text)
          ->(record) { names.any? { |name| contains?(record[name], text) } }
        end

        def criteria(text)
          conditions = text.scan(CONDITION)
          joint = joint_of(text)
          refuse_query if conditions.empty?
          Errors.refuse(400, "LIMIT_EXCEEDED", "limit exceeded", { "limit" => 10 }) if conditions.size > MAX_CONDITIONS
          tests = conditions.map { |condition| test(*condition) }
          ->(record) { tests.public_send(joint) { |test| test.call(record) } }
        end

        # One kind of joint in a query, no mixture of both.
        def joint_of(text)
          joints = text.gsub(CONDITION, "").scan(/and|or/i).map(&:downcase).uniq
          refuse_query if joints.size > 1
          joints == ["or"] ? :any? : :all?
        end

        def test(name, operator, escaped)
          refuse_query unless @fields.key?(name) || Store::SYSTEM.include?(name)
          value = escaped.gsub(/\\(.)/, '\1')
          case operator
          when "equals" then ->(record) { contains?(record[name], value) }
          when "starts_with" then ->(record) { text_of(record[name]).start_with?(value.downcase) }
          else refuse_query
          end
        end

        def contains?(field, text)
          text_of(field).include?(text.downcase)
        end

        def text_of(field)
          (field.is_a?(Hash) ? field["id"] : field).to_s.downcase
        end

        def refuse_query
          Errors.refuse(400, "INVALID_QUERY", "invalid query formed", { "param_name" => "criteria" })
        end
      end
    end
  end
end
