# SPDX-License-Identifier: GPL-3.0-or-later
#
# gitlab.rb REPORT: prints the cases of a report as GitLab comes to see them, as JSON.
#
# GitLab reads JUnit through ActiveSupport's XML conversion, which loses the attributes of an
# element with text, casts by `type` and makes arrays of repeated elements. Those are the traps.

require "active_support/all"
require "active_support/xml_mini"
require "active_support/core_ext/hash/conversions"
require "json"

ActiveSupport::XmlMini.backend = "Nokogiri"

VERDICTS = { "failure" => "fail", "error" => "error", "skipped" => "skipped" }.freeze

def cases_of(node)
  suites = Array.wrap(node["testsuite"]).flat_map { |suite| cases_of(suite) }
  suites + Array.wrap(node["testcase"]).map { |testcase| read(testcase) }
end

def read(testcase)
  tag = VERDICTS.keys.find { |name| testcase.key?(name) }
  output = testcase["system_out"] || testcase["system-out"]
  raise "text of #{testcase["name"]} is no string" unless tag.nil? || testcase[tag].is_a?(String)
  raise "output of #{testcase["name"]} is no string" unless output.nil? || output.is_a?(String)

  { name: testcase.fetch("name"), verdict: tag ? VERDICTS[tag] : "pass", text: testcase[tag] || "" }
end

root = Hash.from_xml(File.read(ARGV.fetch(0)))
puts JSON.generate(cases_of(root.fetch("testsuites")))
