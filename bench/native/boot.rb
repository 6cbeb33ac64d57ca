# frozen_string_literal: true

# Plain Ruby, without Rails and Bundler: what is compared comes from wherever it is installed, or is told as missing.
$LOAD_PATH.unshift(File.expand_path("../../lib", __dir__))
require "pwb_crm"
require "tempfile"

PwbCrm.configure { |config| config.allow_private_hosts = true }

require_relative "../shared/base"
%w[sink rounds table].each { |file| require_relative "../shared/#{file}" }
%w[samples sides core meter rows contest aims report].each { |file| require_relative file }
