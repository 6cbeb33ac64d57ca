# frozen_string_literal: true

# The guides say what the code does.
RSpec.describe "the guides" do
  root = File.expand_path("../..", __dir__)
  pages = Dir[File.join(root, "README.md"), File.join(root, "docs/*.md")]

  def read(page) = File.read(page, encoding: "UTF-8")

  # The cells of the rows whose first cell is a name in backticks.
  def rows(page) = read(page).scan(/^\| `(\w+)` \| (.+?) \| .*\|$/)

  # As forges make them: lower case, blanks to hyphens, the rest of the punctuation dropped.
  def anchors(page)
    read(page).scan(/^#+ (.+)$/).flatten.map { |title| title.downcase.gsub(/[^\w\- ]/, "").tr(" ", "-") }
  end

  describe "docs/4_configuration.md" do
    let(:settings) { rows(File.join(root, "docs/4_configuration.md")).to_h }
    let(:kinds) { PwbCrm.config.readers.keys.map(&:to_s) | PwbCrm.config.watched.keys.map(&:to_s) }

    it "names every setting, and no other" do
      expect(settings.keys - kinds).to match_array(PwbCrm::Configuration.names.map(&:to_s))
    end

    it "shows the defaults" do
      plain = settings.except("logger", *kinds).select { |_, default| default.match?(/\A`[^`]+`\z/) }
      shown = plain.transform_values { |cell| cell.delete("`") }
      defaults = PwbCrm::Configuration.new
      expect(shown.size).to be > 15
      expect(shown).to eq(shown.to_h { |name, _| [name, defaults.public_send(name).inspect] })
    end

    it "lists the readers and the watched columns" do
      listed = read(File.join(root, "docs/4_configuration.md")).scan(/^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \|$/)
      expected = PwbCrm.config.readers.map { |kind, fields| [kind.to_s, fields.keys.map(&:to_s).sort] } +
                 PwbCrm.config.watched.map { |kind, columns| [kind.to_s, columns.sort] }
      expect(listed.map { |kind, names| [kind, names.scan(/\w+/).sort] }).to match_array(expected)
    end
  end

  it "explain every error" do
    named = rows(File.join(root, "docs/5_errors_and_retries.md")).map(&:first).uniq
    errors = PwbCrm::Error.subclasses.flat_map { |error| [error, *error.subclasses] }
    ours = errors.select { |error| error.to_s.start_with?("PwbCrm::") } # other specs make some of their own
    expect(named).to match_array(ours.map { |error| error.to_s.delete_prefix("PwbCrm::") })
  end

  it "show the busy handler that the dummy app has" do
    handler = read(File.join(root, "spec/dummy/config/initializers/sqlite.rb"))[/^module .*/m]
    expect(read(File.join(root, "docs/1_installation.md"))).to include("```ruby\n#{handler}```")
  end

  pages.each do |page|
    it "leads somewhere with each link of #{page.delete_prefix("#{root}/")}" do
      links = read(page).scan(/\]\(([^)\s]+)\)/).flatten.reject { |link| link.start_with?("https://") }
      broken = links.reject do |link|
        path, anchor = link.split("#")
        target = path.to_s.empty? ? page : File.expand_path(path, File.dirname(page))
        File.exist?(target) && (anchor.nil? || anchors(target).include?(anchor))
      end
      expect(broken).to be_empty
    end
  end
end
