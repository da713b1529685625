#include "graph/ingest/table_reader.h"

#include <zlib.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/tape_folder.h"

namespace recoup::graph {
namespace {

Mapping MustParse(const std::string& table) {
  Result<Mapping> mapping = ParseMapping(
      "recoup_mapping = 1\nknown_at = { date = \"2024-01-31\" }\n[[table]]\n"
      "file = \"loans.csv\"\n" +
          table + "[[table.node]]\nkind = \"loan\"\nid = \"id\"\n",
      "mapping.toml");
  if (!mapping.has_value()) FAIL(mapping.error().message);
  return *mapping;
}

// A file in a folder of its own, and the reader of its table.
struct Opened {
  explicit Opened(std::string_view text, const std::string& table = "")
      : mapping(MustParse(table)) {
    folder.Write("loans.csv", text);
    reader = TableReader::Open(folder.path("loans.csv"), mapping, mapping.tables[0]);
  }

  std::string error() const { return reader.has_value() ? "no error" : reader.error().message; }
  TableReader& operator*() { return **reader; }

  // Selects, and returns `line: cells` of every row; an empty cell is `-`.
  std::vector<std::string> Rows(const TableSelection& selection) {
    REQUIRE((*reader)->Select(selection).has_value());
    std::vector<std::string> rows;
    while (*(*reader)->Next()) {
      for (std::size_t row = 0; row < (*reader)->row_count(); ++row) {
        std::string text = std::to_string((*reader)->line(row)) + ":";
        for (std::size_t i = 0; i < selection.columns.size(); ++i) {
          text += " " + std::string((*reader)->value(row, i).value_or("-"));
        }
        rows.push_back(text);
      }
    }
    return rows;
  }

  TapeFolder folder;
  Mapping mapping;
  Result<std::unique_ptr<TableReader>> reader = Error{ErrorCode::kInternal, "not opened"};
};

using Lines = std::vector<std::string>;

TEST_CASE("A table yields the selected columns with the lines on which rows begin") {
  Opened table("id,note,x\nL1,\"a\nb\",1\n\nL2,,2\n");
  CHECK((*table).columns() == Lines{"id", "note", "x"});
  CHECK(table.Rows({{"x", "id", "note"}, {}}) == Lines{"2: 1 L1 a\nb", "5: 2 L2 -"});
  CHECK((*table).fraction() == 1.0);
}

TEST_CASE("Null words of the mapping are empty cells") {
  Opened table("id,x\nL1,n/a\nL2,\n", "null_words = [\"n/a\"]\n");
  CHECK(table.Rows({{"x"}, {}}) == Lines{"2: -", "3: "});
}

TEST_CASE("More rows than fit one chunk keep their order") {
  std::string text = "id\n";
  for (int i = 0; i < 10000; ++i) text += std::to_string(i) + "\n";
  Opened table(text);
  const Lines rows = table.Rows({{"id"}, {}});
  REQUIRE(rows.size() == 10000);
  CHECK(rows[0] == "2: 0");
  CHECK(rows[5000] == "5002: 5000");
  CHECK(rows[9999] == "10001: 9999");
}

TEST_CASE("Broken lines are handed out once, beside the rows") {
  Opened table("id,x\nL1,1\nL2\nL3,3\n");
  CHECK(table.Rows({{"id"}, {}}) == Lines{"2: L1", "4: L3"});
  const auto broken = (*table).TakeBroken();
  REQUIRE(broken.size() == 1);
  CHECK(broken[0].line == 3);
  CHECK((*table).TakeBroken().empty());
}

TEST_CASE("Conditions and derived columns tell row by row what came of them") {
  Opened table("id,x\nL1,1\nL2,two\nL3,\n", "[table.derive]\ny = \"x::INTEGER\"\n");
  REQUIRE((*table).Select({{"y"}, {{"", "x::INTEGER > 0", {}}}}).has_value());
  REQUIRE(*(*table).Next());
  REQUIRE((*table).row_count() == 3);
  CHECK((*table).condition(0, 0) == Truth::kTrue);
  CHECK((*table).condition(1, 0) == Truth::kFailed);
  CHECK((*table).condition(2, 0) == Truth::kFalse);
  CHECK_FALSE((*table).failed_derived(0).has_value());
  CHECK((*table).failed_derived(1) == 0);
  CHECK_FALSE((*table).failed_derived(2).has_value());
}

TEST_CASE("An expression that DuckDB refuses is named with its place") {
  Opened table("id\nL1\n", "[table.derive]\ny = \"no_such_column\"\n");
  const Result<void> selected = (*table).Select({});
  REQUIRE_FALSE(selected.has_value());
  CHECK(selected.error().message.starts_with(
      "mapping.toml:6: table.derive.y: not an expression over the columns of loans.csv: "));
}

TEST_CASE("A file that cannot be read is named with the key that names it") {
  CHECK(Opened("").error() ==
        "mapping.toml:3: table.file: \"loans.csv\" cannot be read: the file is empty; its first "
        "line must name the columns");
}

TEST_CASE("Names that are ours or taken twice are refused") {
  CHECK(Opened("id,recoup_line\n").error() ==
        "mapping.toml:3: table: a column's name must not begin with recoup_: recoup_line");
  CHECK(Opened("id,x\n", "[table.derive]\nx = \"id\"\n")
            .error()
            .find("this name is taken by a column of loans.csv") != std::string::npos);
}

TEST_CASE("A derived column is not another one in upper case") {
  CHECK(Opened("id,AMOUNT\n", "[table.derive]\namount = \"AMOUNT::DECIMAL(18,2) * 1000\"\n")
            .error() ==
        "mapping.toml:6: table.derive.amount: this name is taken by a column of loans.csv, or "
        "begins with recoup_ (upper and lower case are the same)");
  CHECK(Opened("id,x\n", "[table.derive]\ny = \"x\"\nY = \"x || y\"\n").error() ==
        "mapping.toml:7: table.derive.Y: this name is taken by a derived column above (upper and "
        "lower case are the same)");
  CHECK(Opened("id,Recoup_line\n").error().find("must not begin with recoup_") !=
        std::string::npos);
  CHECK(Opened("id\n", "[table.derive]\nRECOUP_x = \"id\"\n").error().find("recoup_") !=
        std::string::npos);
}

TEST_CASE("Two columns of a file that differ only in case are refused") {
  CHECK(Opened("id,Amount,AMOUNT\n").error() ==
        "mapping.toml:3: table.file: \"loans.csv\" cannot be read: the header names a column "
        "twice: AMOUNT");
}

TEST_CASE("A file that ends within its compression is damaged, and said to be") {
  const TapeFolder folder;
  std::string text = "id\n";
  for (int i = 0; i < 400'000; ++i) text += std::to_string(i * 7919LL % 1'000'003) + "\n";
  gzFile file = gzopen(folder.path("loans.csv").c_str(), "wb");
  REQUIRE(gzwrite(file, text.data(), static_cast<unsigned>(text.size())) > 0);
  REQUIRE(gzclose(file) == Z_OK);
  const std::string whole = folder.Read("loans.csv");
  Opened table(whole.substr(0, whole.size() / 2));
  REQUIRE(table.error() == "no error");
  REQUIRE((*table).Select({{"id"}, {}}).has_value());
  Result<bool> more = true;
  while (more.has_value() && *more) more = (*table).Next();
  REQUIRE_FALSE(more.has_value());
  CHECK(more.error().code == ErrorCode::kDataLoss);
  CHECK(more.error().message.starts_with("loans.csv: "));
}

}  // namespace
}  // namespace recoup::graph
