#include "graph/ingest/import.h"

#include <zlib.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/tape_folder.h"

namespace recoup::graph {
namespace {

constexpr std::string_view kMapping = R"(recoup_mapping = 1
name = "test"
currency = "USD"
known_at = { date = "2024-01-31" }
[[table]]
file = "loans.csv"
[[table.node]]
kind = "loan"
id = "id"
[table.node.attributes]
balance = { column = "balance", currency_column = "currency", minimum = 0 }
default_date = { column = "day", known_at = "day" }
score = { column = "score", type = "number" }
)";
constexpr std::string_view kHeader = "id,balance,currency,day,score\n";

std::string With(std::string_view from, std::string_view to) {
  std::string text(kMapping);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string Tape(std::string_view rows) { return std::string(kHeader) + std::string(rows); }

TEST_CASE("A row becomes facts in the order of the tape, each with its own dates") {
  TapeFolder tape;
  tape.Write("loans.csv", Tape("A,100.5,,2020-05-01,7\nB,2,EUR,,\n"));
  const ImportReport report = tape.MustImport(kMapping);
  CHECK(report.rows_read == 2);
  CHECK(report.rows_rejected == 0);
  CHECK(report.facts_written == 3);
  CHECK(NodeIds(tape.Facts()) == std::vector<std::string>{"A", "A", "B"});
  const auto& first = std::get<NodeFact>(tape.Facts()[0]);
  CHECK(first.dates.known_at.ToString() == "2024-01-31");
  const auto& second = std::get<NodeFact>(tape.Facts()[1]);
  CHECK(second.dates.known_at.ToString() == "2020-05-01");
  CHECK(AttributeOf(tape.Facts(), "A", "balance") == "100.50 USD");
  CHECK(AttributeOf(tape.Facts(), "A", "default_date") == "2020-05-01");
  CHECK(AttributeOf(tape.Facts(), "B", "balance") == "2.00 EUR");
}

TEST_CASE("Every kind of bad cell rejects its row, is reported, and stops nothing") {
  TapeFolder tape;
  tape.Write("loans.csv", Tape("A,x,,,\n"
                               "B,-1,,,\n"
                               "C,1,USX,,\n"
                               "D,1,,2023-02-29,\n"
                               "E,1,,,1e999\n"
                               ",1,,,\n"
                               "G,1\n"
                               "H,99999999999999999999,,,\n"
                               "I,\"1\n2\",,,\n"
                               "J,5,,,\n"));
  const ImportReport report = tape.MustImport(kMapping);
  CHECK(NodeIds(tape.Facts()) == std::vector<std::string>{"J"});
  CHECK(report.rows_read == 10);
  CHECK(report.rows_rejected == 9);
  CHECK(report.rejects_by_reason.at("not an amount") == 2);
  CHECK(tape.Rejects() ==
        "loans.csv,2,balance,x,not an amount\n"
        "loans.csv,3,balance,-1,smaller than the mapping's minimum\n"
        "loans.csv,4,currency,USX,not an active ISO 4217 currency\n"
        "loans.csv,5,day,2023-02-29,no such day in the calendar\n"
        "loans.csv,6,score,1e999,the number is out of range\n"
        "loans.csv,7,id,,the id is empty\n"
        "loans.csv,8,,\"G,1\",fewer values than the header has columns\n"
        "loans.csv,9,balance,99999999999999999999,the amount is too large\n"
        "loans.csv,10,balance,\"1\n2\",not an amount\n");
}

TEST_CASE("With on_bad_cell = cell only the bad part is left out, and still reported") {
  TapeFolder tape;
  tape.Write("loans.csv", Tape("A,x,,2023-02-29,7\n,1,,,\n"));
  const ImportReport report = tape.MustImport(With("name = \"test\"", "on_bad_cell = \"cell\""));
  CHECK(report.rows_read == 2);
  CHECK(report.rows_rejected == 0);
  CHECK(NodeIds(tape.Facts()) == std::vector<std::string>{"A"});
  CHECK(AttributeOf(tape.Facts(), "A", "score") == "7");
  CHECK(AttributeOf(tape.Facts(), "A", "balance").empty());
  CHECK(report.rejects_by_reason.size() == 3);
}

TEST_CASE("Derived columns compute row by row; one that fails is a bad cell") {
  TapeFolder tape;
  tape.Write("loans.csv", Tape("A,10,,,1\nB,y,,,1\nC,,,,1\n"));
  const std::string derive = R"(file = "loans.csv"
[table.derive]
twice = "balance::DECIMAL(18,2) * 2  -- a comment"
four = "twice * 2")";
  const ImportReport report = tape.MustImport(With("file = \"loans.csv\"", derive) +
                                              "four = { column = \"four\", type = \"number\" }\n");
  CHECK(AttributeOf(tape.Facts(), "A", "four") == "40");
  CHECK(NodeIds(tape.Facts()) == std::vector<std::string>{"A", "C"});
  CHECK(report.rows_rejected == 1);
  CHECK(tape.Rejects() ==
        "loans.csv,3,twice,,the derived column cannot be computed\n"
        "loans.csv,3,balance,y,not an amount\n");
}

TEST_CASE("A condition chooses rows; one that fails is reported") {
  TapeFolder tape;
  tape.Write("loans.csv", Tape("A,1,,,5\nB,1,,,1\nC,1,,,\nD,1,,,z\n"));
  const ImportReport report =
      tape.MustImport(With("id = \"id\"", "id = \"id\"\nwhen = \"score::INT > 2\""));
  CHECK(NodeIds(tape.Facts()) == std::vector<std::string>{"A"});
  CHECK(report.rows_read == 4);
  CHECK(report.rows_rejected == 1);
  CHECK(report.rejects_by_reason.count("the condition cannot be computed") == 1);
}

TEST_CASE("SQL cannot leave its row, its parentheses or its cell") {
  TapeFolder tape;
  tape.Write("loans.csv", Tape("A,1,,,\n"));
  for (const char* sql : {"(SELECT 1)", "nope", "balance +", "1}), TRY({'v': 2", "1; DROP TABLE x",
                          "sum(balance::INT)", "row_number() OVER ()", "random()",
                          "read_text('/etc/passwd')", "unnest([1, 2])"}) {
    INFO(sql);
    const std::string derive =
        "file = \"loans.csv\"\n[table.derive]\nd = \"\"\"" + std::string(sql) + "\"\"\"";
    const std::string message = tape.ErrorOf(With("file = \"loans.csv\"", derive));
    CHECK(message.starts_with("mapping.toml:8: table.derive.d: "));
    const std::string when = "id = \"id\"\nwhen = \"\"\"" + std::string(sql) + "\"\"\"";
    CHECK(
        tape.ErrorOf(With("id = \"id\"", when)).starts_with("mapping.toml:10: table.node.when: "));
  }
}

TEST_CASE("A mapping that does not fit the tape is one clear error") {
  TapeFolder tape;
  tape.Write("loans.csv", Tape("A,1,,,\n"));
  CHECK(tape.ErrorOf(With("id = \"id\"", "id = \"loan_no\"")) ==
        "mapping.toml:9: table.node.id: column \"loan_no\" is not in loans.csv (columns: id, "
        "balance, "
        "currency, day, score)");
  CHECK(tape.ErrorOf(With("column = \"score\"", "column = \"Score\""))
            .starts_with("mapping.toml:13: table.node.attributes.score: column \"Score\" is not in "
                         "loans.csv"));
  CHECK(tape.ErrorOf(With("file = \"loans.csv\"", "file = \"other.csv\"")) ==
        "mapping.toml:5: table.file: no such file in the tape: other.csv");
  CHECK(
      tape.ErrorOf(With("file = \"loans.csv\"", "file = \"loans.csv\"\n[table.derive]\nid = \"1\""))
          .starts_with("mapping.toml:8: table.derive.id: this name is taken"));
  tape.options.tape = tape.path("nowhere");
  CHECK(tape.ErrorOf(kMapping).starts_with("no such tape: "));
}

TEST_CASE("A tape that cannot be read at all is one clear error") {
  TapeFolder tape;
  tape.Write("loans.csv", "");
  CHECK(tape.ErrorOf(kMapping).starts_with(
      "mapping.toml:5: table.file: \"loans.csv\" cannot be read: the file is empty"));
  tape.Write("loans.csv", "id,id\n");
  CHECK(tape.ErrorOf(kMapping).find("names a column twice") != std::string::npos);
}

TEST_CASE("A header alone is an empty tape") {
  TapeFolder tape;
  tape.Write("loans.csv", kHeader);
  const ImportReport report = tape.MustImport(kMapping);
  CHECK(report.rows_read == 0);
  CHECK(report.batches == 0);
  CHECK(report.tables == std::vector<TableReport>{{"loans.csv", 0, 0}});
}

TEST_CASE("Gzip reads as the file within, and damaged gzip is an error") {
  TapeFolder tape;
  std::string rows;
  for (int i = 0; i < 20000; ++i)
    rows += "L" + std::to_string(i * 7919) + "," + std::to_string(i) + ",,,\n";
  gzFile file = gzopen(tape.path("loans.csv").c_str(), "wb");
  const std::string text = Tape(rows);
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  CHECK(tape.MustImport(kMapping).rows_read == 20000);

  const std::string whole = tape.Read("loans.csv");
  tape.Write("loans.csv", whole.substr(0, whole.size() / 2));
  const Result<ImportReport> cut = tape.Import(kMapping);
  REQUIRE_FALSE(cut.has_value());
  CHECK(cut.error().code == ErrorCode::kDataLoss);
}

TEST_CASE("Batches are the same each time, whole rows, and named by their content") {
  TapeFolder tape;
  std::string rows;
  for (int i = 0; i < 5000; ++i) rows += "L" + std::to_string(i) + ",1,,2020-01-01,\n";
  tape.Write("loans.csv", Tape(rows));
  tape.options.facts_per_batch = 1001;
  const ImportReport report = tape.MustImport(kMapping);
  CHECK(report.batches == 10);
  CHECK(report.facts_written == 10000);
  const std::vector<FactBatch> first = tape.batches;
  for (std::size_t i = 0; i < first.size(); ++i) CHECK(first[i].source_offset == i);
  for (std::size_t i = 0; i + 1 < first.size(); ++i) CHECK(first[i].facts.size() == 1002);
  CHECK(first[0].source.starts_with("test:"));
  tape.MustImport(kMapping);
  CHECK(tape.batches == first);

  const std::string source = report.source;
  tape.options.facts_per_batch = 1002;
  CHECK(tape.MustImport(kMapping).source != source);
  tape.options.facts_per_batch = 1001;
  tape.options.bytes_per_batch += 1;
  CHECK(tape.MustImport(kMapping).source != source);
  tape.options.bytes_per_batch -= 1;
  CHECK(tape.MustImport(kMapping).source == source);
  CHECK(tape.MustImport(std::string(kMapping) + "\n").source != source);
  tape.Write("loans.csv", Tape(rows + "X,1,,,\n"));
  CHECK(tape.MustImport(kMapping).source != source);
}

TEST_CASE("A batch of wide rows ends before it is too large") {
  TapeFolder tape;
  std::string rows;
  for (int i = 0; i < 100; ++i) {
    rows += "L" + std::to_string(i) + ",1,,," + std::string(4000, 'x') + "\n";
  }
  tape.Write("loans.csv", Tape(rows));
  tape.options.bytes_per_batch = 50'000;
  const ImportReport report = tape.MustImport(With("type = \"number\"", "type = \"text\""));
  CHECK(report.facts_written == 100);
  CHECK(report.batches > 8);
  CHECK(report.batches < 13);
}

TEST_CASE("The folder of the rejects is made, but only for a mapping that can be used") {
  TapeFolder tape;
  tape.Write("loans.csv", Tape("A,x,,,\n"));
  tape.options.rejects_file = tape.path("new/folder/rejects.csv");
  CHECK(tape.ErrorOf("recoup_mapping = 2\n").starts_with("mapping.toml:1: "));
  CHECK_FALSE(std::filesystem::exists(tape.path("new")));
  tape.MustImport(kMapping);
  CHECK(tape.Read("new/folder/rejects.csv").find("not an amount") != std::string::npos);
}

TEST_CASE("A stop ends the import before the next batch") {
  TapeFolder tape;
  std::string rows;
  for (int i = 0; i < 9000; ++i) rows += "L" + std::to_string(i) + ",1,,,\n";
  tape.Write("loans.csv", Tape(rows));
  tape.Write("mapping.toml", kMapping);
  tape.options.facts_per_batch = 1000;
  std::atomic<bool> stop = false;
  tape.options.stop = &stop;
  std::size_t batches = 0;
  const auto report = ImportTape(tape.options, [&](const FactBatch&) -> Result<void> {
    stop = ++batches == 3;
    return {};
  });
  REQUIRE(report.has_value());
  CHECK(report->interrupted);
  CHECK(report->batches == 3);
  CHECK(report->facts_written == 3000);
}

TEST_CASE("A sink that fails ends the import with its error") {
  TapeFolder tape;
  tape.Write("loans.csv", Tape("A,1,,,\n"));
  tape.Write("mapping.toml", kMapping);
  const auto report = ImportTape(tape.options, [](const FactBatch&) -> Result<void> {
    return Error{ErrorCode::kUnavailable, "the disk is full"};
  });
  REQUIRE_FALSE(report.has_value());
  CHECK(report.error() == Error{ErrorCode::kUnavailable, "batch 0: the disk is full"});
}

TEST_CASE("Progress rises to the whole of the table") {
  TapeFolder tape;
  std::string rows;
  for (int i = 0; i < 9000; ++i) rows += "L" + std::to_string(i) + ",1,,,\n";
  tape.Write("loans.csv", Tape(rows));
  std::vector<ImportProgress> steps;
  tape.options.on_progress = [&](const ImportProgress& step) { steps.push_back(step); };
  tape.MustImport(kMapping);
  REQUIRE(steps.size() > 2);
  for (std::size_t i = 1; i < steps.size(); ++i) {
    CHECK(steps[i].table_fraction >= steps[i - 1].table_fraction);
    CHECK(steps[i].rows_read >= steps[i - 1].rows_read);
  }
  CHECK(steps.back().table_fraction == 1.0);
  CHECK(steps.back().rows_read == 9000);
}

TEST_CASE("Statements marked once are written when they say something new") {
  TapeFolder tape;
  tape.Write("loans.csv",
             "bank,day\nX,2020-03-01\nX,2020-04-01\nX,2020-02-01\nY,2020-03-01\nX,2020-02-01\n");
  tape.MustImport(R"(recoup_mapping = 1
[[table]]
file = "loans.csv"
known_at = "day"
[[table.node]]
kind = "party"
id = "bank:{bank}"
once = true
[table.node.attributes]
party_type = { value = "bank" }
)");
  CHECK(NodeIds(tape.Facts()) == std::vector<std::string>{"bank:X", "bank:X", "bank:Y"});
  CHECK(AttributeOf(tape.Facts(), "bank:X", "party_type") == "bank");
}

TEST_CASE("Outcomes come from a rate or from loss and exposure") {
  TapeFolder tape;
  tape.Write(
      "loans.csv",
      "id,loss,exposure,day\nA,25,100,2020-03-01\nB,300,100,2020-03-01\nC,-5,100,2020-03-01\n"
      "D,5,0,2020-03-01\nE,5,100,2021-03-01\n");
  const ImportReport report = tape.MustImport(R"(recoup_mapping = 1
known_at = { date = "2020-06-30" }
[[table]]
file = "loans.csv"
[[table.outcome]]
loan = "id"
loss = "loss"
exposure = "exposure"
valuation_date = "day"
)");
  REQUIRE(tape.Facts().size() == 3);
  CHECK(std::get<OutcomeFact>(tape.Facts()[0]).recovery_rate == 0.75);
  CHECK(std::get<OutcomeFact>(tape.Facts()[1]).recovery_rate == 0.0);
  CHECK(std::get<OutcomeFact>(tape.Facts()[2]).recovery_rate == 1.0);
  CHECK(report.rejects_by_reason ==
        std::map<std::string, std::uint64_t>{
            {"the exposure of an outcome must be positive", 1},
            {"an outcome must not be known before its valuation date", 1}});
}

TEST_CASE("No row is lost, whatever the tape holds") {
  // Rows from a seeded mix of good and broken pieces; the count of lines is the truth.
  const std::vector<std::string> rows = {
      "A,1,,,", "B,x,,,", "C,1", "D,1,,,,", "E,1,\xff,,", "F,\"1\"x,,,", "G,1,,2020-99-99,"};
  std::uint64_t state = 42;
  for (int round = 0; round < 20; ++round) {
    std::string text(kHeader);
    for (int i = 0; i < 300; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      text += rows[(state >> 33) % rows.size()] + "\n";
    }
    TapeFolder tape;
    tape.Write("loans.csv", text);
    const ImportReport report = tape.MustImport(kMapping);
    CHECK(report.rows_read == 300);
    CHECK(report.rows_rejected + NodeIds(tape.Facts()).size() == 300);
  }
}

}  // namespace
}  // namespace recoup::graph
