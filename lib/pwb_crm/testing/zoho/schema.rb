# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # One field of a module: its API name; its type, which is :text, :textarea, :email, :phone, :picklist, :boolean,
      # :date, :lookup or :tags; its length in characters; the values of a restricted picklist, nil for any text; the
      # module that a lookup points to.
      Field = Data.define(:name, :type, :length, :mandatory, :unique, :values, :target) do
        def initialize(name:, type: :text, length: nil, mandatory: false, unique: false, values: nil, target: nil)
          super
        end

        # @return [Hash] as GET /settings/fields shows it
        def to_api
          { "api_name" => name, "data_type" => type.to_s, "length" => length, "system_mandatory" => mandatory,
            "unique" => unique ? { "case_sensitive" => false } : {},
            "pick_list_values" => (values || []).map { |value| { "display_value" => value, "actual_value" => value } } }
        end
      end

      # The modules of one fake organisation and their fields.
      #
      # Lengths and mandatory fields: Zoho CRM help, "Standard Modules & Fields" and "Working with Cases"; notes:
      # Zoho CRM v8, create-notes page. Picklists are the defaults of a new organisation; they are editable there.
      # @api private
      class Schema
        PERSON = {
          "Salutation" => [:picklist, 120], "First_Name" => [:text, 40], "Last_Name" => [:text, 80],
          "Email" => [:email, 100], "Secondary_Email" => [:email, 100], "Phone" => [:phone, 30],
          "Mobile" => [:phone, 30], "Fax" => [:phone, 30], "Skype_ID" => [:text, 50], "Twitter" => [:text, 50],
          "Lead_Source" => [:picklist, 120], "Description" => [:textarea, 32_000], "Email_Opt_Out" => [:boolean],
          "Owner" => [:lookup], "Tag" => [:tags]
        }.then { Ractor.make_shareable(_1) }
        CONTACTS = PERSON.merge(
          "Title" => [:text, 100], "Department" => [:text, 50], "Date_of_Birth" => [:date],
          "Home_Phone" => [:phone, 30], "Other_Phone" => [:phone, 30], "Account_Name" => [:lookup],
          "Mailing_Street" => [:text, 250], "Mailing_City" => [:text, 100], "Mailing_State" => [:text, 100],
          "Mailing_Zip" => [:text, 30], "Mailing_Country" => [:text, 100]
        ).then { Ractor.make_shareable(_1) }
        LEADS = PERSON.merge(
          "Designation" => [:text, 100], "Company" => [:text, 100], "Website" => [:text, 120],
          "Lead_Status" => [:picklist, 120], "Street" => [:text, 250], "City" => [:text, 100],
          "State" => [:text, 100], "Zip_Code" => [:text, 30], "Country" => [:text, 100]
        ).then { Ractor.make_shareable(_1) }
        CASES = {
          "Subject" => [:text, 255], "Status" => [:picklist, 120], "Case_Origin" => [:picklist, 120],
          "Priority" => [:picklist, 120], "Type" => [:picklist, 120], "Case_Reason" => [:picklist, 120],
          "Email" => [:email, 100], "Phone" => [:phone, 50], "Reported_By" => [:text, 50],
          "Description" => [:textarea, 32_000], "Internal_Comments" => [:textarea, 3_000],
          "Solution" => [:textarea, 32_000], "Related_To" => [:lookup], "Account_Name" => [:lookup],
          "Product_Name" => [:lookup], "Deal_Name" => [:lookup], "Owner" => [:lookup], "Tag" => [:tags]
        }.then { Ractor.make_shareable(_1) }
        NOTES = {
          "Note_Title" => [:text, 120], "Note_Content" => [:textarea, 65_535], "Parent_Id" => [:lookup]
        }.then { Ractor.make_shareable(_1) }
        MODULES = { "Contacts" => CONTACTS, "Leads" => LEADS, "Cases" => CASES, "Notes" => NOTES }.freeze

        MANDATORY = {
          "Contacts" => ["Last_Name"], "Leads" => %w[Last_Name Company], "Cases" => %w[Subject Status Case_Origin]
        }.then { Ractor.make_shareable(_1) }
        CASE_PICKLISTS = {
          "Status" => ["New", "On Hold", "Escalated", "Closed"], "Case_Origin" => %w[Email Phone Web],
          "Priority" => %w[High Medium Low], "Type" => ["Problem", "Feature Request", "Question"]
        }.then { Ractor.make_shareable(_1) }
        TARGETS = { "Related_To" => "Contacts" }.freeze
        # Upsert looks here first. Notes cannot be upserted at all (Zoho CRM v8, upsert-records page).
        SYSTEM_KEYS = { "Contacts" => "Email", "Leads" => "Email", "Cases" => "Subject" }.freeze

        def initialize
          @modules = MODULES.to_h { |name, fields| [name, build(name, fields)] }
        end

        def module?(name)
          @modules.key?(name)
        end

        def upsertable?(name)
          SYSTEM_KEYS.key?(name)
        end

        # @return [Hash{String => Field}]
        def fields(name)
          @modules.fetch(name)
        end

        # @return [Array<String>] what upsert may compare: the module's own key, then unique fields
        def duplicate_keys(name)
          [SYSTEM_KEYS[name], *unique(name)].compact.uniq
        end

        def unique(name)
          fields(name).values.select(&:unique).map(&:name)
        end

        def put(module_name, field)
          fields(module_name)[field.name] = field
        end

        def change(module_name, field_name, **attributes)
          put(module_name, fields(module_name).fetch(field_name).with(**attributes))
        end

        def drop(module_name)
          @modules.delete(module_name)
        end

        private

        def build(module_name, fields)
          fields.to_h do |name, (type, length)|
            [name, Field.new(name:, type:, length:, target: TARGETS[name],
                             mandatory: MANDATORY.fetch(module_name, []).include?(name),
                             values: (CASE_PICKLISTS[name] if module_name == "Cases"))]
          end
        end
      end
    end
  end
end
