# frozen_string_literal: true

require "pwb_crm"

# docs/11_error_codes.md, as the catalogue has it: `rake docs:catalogue` writes it.
module CataloguePage
  TITLES = { "zoho_crm" => "Zoho CRM", "zendesk" => "Zendesk", "custom" => "Webhooks", "pwb_crm" => "The gem itself",
             "inbound" => "Events from outside" }.freeze
  HEAD = <<~MARKDOWN
    # 11. Error codes

    What the `error_code` of a delivery means, and what to do. In Ruby: `delivery.cure`, `error.cure`, and
    `PwbCrm::Catalogue.find("zoho_crm", "INVALID_DATA")` with `error_class`, `cause` and `cure`. A code that is not here means what its
    class means ([5](5_errors_and_retries.md#the-errors)). The words are in `config/locales/pwb_crm/errors.en.yml` of the gem, below
    `pwb_crm.errors` and `pwb_crm.kinds`: translate them in your app's own locale files.
  MARKDOWN
  NOTES = { "zendesk" => "`BlankValue` to `ClosedTicket` are codes of fields, in `error.details`. Where all that are " \
                         "refused have the same, it is the `error_code` in place of `RecordInvalid`.",
            "custom" => "`http_4xx` and its like stand for each status that is not named itself." }.freeze

  class << self
    # @return [String] the whole page
    def text = [HEAD, *PwbCrm::Catalogue.systems.map { |system| section(system) }].join("\n")

    private

    def section(system)
      rows = PwbCrm::Catalogue.entries(system).map do |entry|
        "| `#{entry.code}` | #{name(entry)} | #{entry.cause} | #{entry.cure} |"
      end
      [*["## #{TITLES.fetch(system)}\n\n", NOTES[system] && "#{NOTES[system]}\n\n"].compact,
       "| code | class | it means | what to do |\n|---|---|---|---|\n", rows.join("\n"), "\n"].join
    end

    def name(entry) = entry.error_class ? "`#{entry.error_class.name.delete_prefix("PwbCrm::")}`" : ""
  end
end
