#include "server/cli/valuation_writer.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>
#include <streambuf>
#include <string>
#include <vector>

namespace recoup::cli {
namespace {

using Catch::Matchers::ContainsSubstring;

server::LoanAnswer AnswerFor(const std::string& loan_id, std::int64_t claim_cents) {
  model::RecoveryDistribution::Masses masses{};
  masses[0] = 0.5;
  masses.back() = 0.5;
  const model::RecoveryForecast forecast{model::RecoveryDistribution::FromMasses(masses).value(),
                                         0.1, 0.9, 0.8};
  const Money claim(claim_cents, Currency::Parse("USD").value());
  server::LoanAnswer answer;
  answer.loan_id = loan_id;
  answer.forecast = forecast;
  answer.valuation = model::ValueLoan(forecast, claim, {}).value();
  answer.provenance = {"v1", "abc", "def", 7, Date::Parse("2024-01-31").value(), "local-int8"};
  return answer;
}

std::string Written(OutputFormat format, const std::vector<server::LoanAnswer>& answers,
                    std::uint64_t max_rows = 20) {
  std::ostringstream out;
  const auto writer = MakeValuationWriter(format, out, max_rows);
  for (const server::LoanAnswer& answer : answers) REQUIRE(writer->Write(answer).has_value());
  writer->Finish(answers.size());
  return out.str();
}

std::size_t Lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST_CASE("A table shows at most the rows asked for and says how many it left out", "[cli]") {
  const std::string text = Written(
      OutputFormat::kTable, {AnswerFor("A", 100), AnswerFor("B", 200), AnswerFor("C", 300)}, 2);
  CHECK_THAT(text, ContainsSubstring("... and 1 more"));
  CHECK_THAT(text, !ContainsSubstring("\nC "));
  CHECK_THAT(text, ContainsSubstring("3 loans in USD: claim 6,"));
}

TEST_CASE("A table that shows everything does not speak of more", "[cli]") {
  const std::string text = Written(OutputFormat::kTable, {AnswerFor("A", 123456789)});
  CHECK_THAT(text, !ContainsSubstring("more"));
  CHECK_THAT(text, ContainsSubstring("1,234,567"));
  CHECK_THAT(text, ContainsSubstring("10.0 - 90.0"));
  CHECK_THAT(text, ContainsSubstring("1 loan in USD"));
  CHECK_THAT(text,
             ContainsSubstring("as of 2024-01-31, model v1 (abc, local-int8), graph epoch 7"));
}

TEST_CASE("A table of fewer loans than there are marks its totals", "[cli]") {
  std::ostringstream out;
  const auto writer = MakeValuationWriter(OutputFormat::kTable, out, 20);
  REQUIRE(writer->Write(AnswerFor("A", 100)).has_value());
  writer->Finish(3);
  CHECK_THAT(out.str(), ContainsSubstring("\nincomplete: 1 of 3 loans; the others count nowhere\n"
                                          "\n1 loan in USD"));
  CHECK_THAT(Written(OutputFormat::kTable, {AnswerFor("A", 100)}),
             !ContainsSubstring("incomplete"));
}

// Takes nothing, like a full disk.
class FullDisk : public std::streambuf {};

TEST_CASE("A stream that takes no more stops the writing of CSV and JSON", "[cli]") {
  for (const OutputFormat format : {OutputFormat::kCsv, OutputFormat::kJson}) {
    FullDisk disk;
    std::ostream out(&disk);
    const auto written = MakeValuationWriter(format, out, 20)->Write(AnswerFor("A", 100));
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().code == ErrorCode::kUnavailable);
    CHECK_THAT(written.error().message,
               ContainsSubstring("the disk is full or the reader is gone"));
  }
}

TEST_CASE("An empty table has a header and no totals", "[cli]") {
  CHECK(Lines(Written(OutputFormat::kTable, {})) == 1);
}

TEST_CASE("CSV writes one line a loan under one header", "[cli]") {
  const std::string text = Written(OutputFormat::kCsv, {AnswerFor("A", 10050), AnswerFor("B", 1)});
  CHECK(Lines(text) == 3);
  CHECK_THAT(text, ContainsSubstring("\nA,USD,100.50,0.5,0.1,0.9,0.8,50.25,"));
}

TEST_CASE("CSV quotes separators and disarms what a spreadsheet would run", "[cli]") {
  const std::string text =
      Written(OutputFormat::kCsv, {AnswerFor("a,\"b\"", 1), AnswerFor("=1+1", 1)});
  CHECK_THAT(text, ContainsSubstring("\n\"a,\"\"b\"\"\",USD"));
  CHECK_THAT(text, ContainsSubstring("\n'=1+1,USD"));
}

TEST_CASE("JSON carries every number of a loan and its provenance", "[cli]") {
  const server::LoanAnswer answer = AnswerFor("A", 10050);
  const auto json = nlohmann::json::parse(Written(OutputFormat::kJson, {answer}));
  CHECK(json["claim"] == "100.50");
  CHECK(json["masses"].size() == model::kRecoveryCells);
  CHECK(json["monthly_recoveries"].size() == answer.valuation.monthly_recoveries.size());
  CHECK(json["provenance"]["graph_epoch"] == 7);
  CHECK(json["provenance"]["artifact_checksum"] == "abc");
}

TEST_CASE("An unknown output format is refused by name", "[cli]") {
  const auto format = ParseOutputFormat("xml");
  REQUIRE_FALSE(format.has_value());
  CHECK_THAT(format.error().message, ContainsSubstring("xml"));
}

}  // namespace
}  // namespace recoup::cli
