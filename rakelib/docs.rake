# frozen_string_literal: true

namespace :docs do
  desc "Write docs/11_error_codes.md from the catalogue"
  task :catalogue do
    $LOAD_PATH.unshift("lib")
    require_relative "../spec/support/catalogue_page"
    File.write("docs/11_error_codes.md", CataloguePage.text)
  end
end
