// SPDX-License-Identifier: GPL-3.0-or-later
//
// read.cjs READER REPORT: prints the cases of a report as one library comes to see them, as JSON:
// a list of {name, verdict, text}, or {passed, failed, errors, skipped} where the library counts.
// The libraries are found through NODE_PATH.

const fs = require("fs");

const VERDICTS = { failure: "fail", error: "error", skipped: "skipped" };

function list(value) {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

// xml2js as dorny/test-reporter and test-summary use it: children are arrays, attributes in `$`.
async function xml2js(report) {
  const { testsuites } = await require("xml2js").parseStringPromise(fs.readFileSync(report));
  return testsuites.testsuite.flatMap((suite) => list(suite.testcase)).map((testcase) => {
    const tag = Object.keys(VERDICTS).find((name) => name in testcase);
    const element = tag && testcase[tag][0];
    return {
      name: testcase.$.name,
      verdict: tag ? VERDICTS[tag] : "pass",
      text: tag ? element._ : "",
      message: tag ? element.$.message : "",
    };
  });
}

// xml-js in its compact form, as mikepenz/action-junit-report uses it.
function xmlJs(report) {
  const root = require("xml-js").xml2js(fs.readFileSync(report, "utf8"), { compact: true });
  return list(root.testsuites.testsuite).flatMap((suite) => list(suite.testcase)).map((testcase) => {
    const tag = Object.keys(VERDICTS).find((name) => name in testcase);
    const element = tag && testcase[tag];
    return {
      name: testcase._attributes.name,
      verdict: tag ? VERDICTS[tag] : "pass",
      text: tag ? [].concat(element._text ?? element._cdata).join("") : "",
      message: tag ? element._attributes.message : "",
    };
  });
}

async function junit2json(report) {
  const { parse } = await import(require.resolve("junit2json"));
  const root = await parse(fs.readFileSync(report, "utf8"));
  return root.testsuite.flatMap((suite) => suite.testcase ?? []).map((testcase) => {
    const tag = Object.keys(VERDICTS).find((name) => name in testcase);
    const element = tag && list(testcase[tag])[0];
    return {
      name: testcase.name,
      verdict: tag ? VERDICTS[tag] : "pass",
      text: tag ? element.inner : "",
      message: tag ? element.message : "",
    };
  });
}

function testResultsParser(report) {
  const { passed, failed, errors, skipped } = require("test-results-parser").parse({
    type: "junit",
    files: [report],
  });
  return { passed, failed, errors, skipped };
}

const READERS = {
  xml2js,
  "xml-js": xmlJs,
  junit2json,
  "test-results-parser": testResultsParser,
};

const [reader, report] = process.argv.slice(2);
Promise.resolve(READERS[reader](report)).then((cases) => console.log(JSON.stringify(cases)));
