# frozen_string_literal: true

require "yard"

# The parents that a setting names, by their defaults: YARD knows only parents that are constants.
YARD::Handlers::Ruby::ClassHandler.prepend(
  Module.new do
    private

    define_method(:parse_superclass) do |statement|
      super(statement) || { "Engine.job_parent" => "ActiveJob::Base",
                            "PwbCrm.config.record_base.constantize" => "ActiveRecord::Base" }[statement&.source]
    end
  end
)
