#include "graph/synthetic/csv_table.h"

#include <catch2/catch_test_macros.hpp>

#include "graph/synthetic/ids.h"
#include "tests/unit/graph/synthetic/tape_files.h"

namespace recoup::graph::synthetic {
namespace {

TEST_CASE("Decimals are rounded half away from zero and keep their digits") {
  CHECK(Decimal(0.0, 4) == "0.0000");
  CHECK(Decimal(1.0, 4) == "1.0000");
  CHECK(Decimal(0.12345, 2) == "0.12");
  CHECK(Decimal(0.125, 2) == "0.13");
  CHECK(Decimal(-0.125, 2) == "-0.13");
  CHECK(Decimal(-0.001, 2) == "0.00");
  CHECK(Decimal(41.5, 0) == "42");
}

TEST_CASE("Numbers of ids are padded to seven digits and may grow beyond") {
  CHECK(LoanId(42) == "L0000042");
  CHECK(LoanId(12'345'678) == "L12345678");
}

TEST_CASE("A table is a header and rows, one a line") {
  const ScratchFolder folder("table");
  std::filesystem::create_directories(folder.path());
  auto table = CsvTable::Create(folder.path() / "t.csv", "a,b");
  REQUIRE(table.has_value());
  table->Row({"1", ""});
  table->Row({"", "2"});
  REQUIRE(table->Finish().has_value());
  CHECK(ReadFile(folder.path() / "t.csv") == "a,b\n1,\n,2\n");
}

TEST_CASE("A table in a folder that is not there is an error") {
  const ScratchFolder folder("nowhere");
  CHECK(CsvTable::Create(folder.path() / "t.csv", "a").error().code == ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace recoup::graph::synthetic
