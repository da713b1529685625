#include "graph/synthetic/generate_portfolio.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>

#include "tests/unit/graph/synthetic/tape_files.h"

namespace recoup::graph::synthetic {
namespace {

TEST_CASE("The same options give the same bytes, another seed gives others") {
  const ScratchFolder first("first");
  const ScratchFolder second("second");
  const ScratchFolder other("other");
  const auto report = GenerateOrFail({.loans = 500, .seed = 7}, first.path());
  CHECK(GenerateOrFail({.loans = 500, .seed = 7}, second.path()) == report);
  GenerateOrFail({.loans = 500, .seed = 8}, other.path());
  const auto files = ReadAll(first.path());
  CHECK(files.size() == 14);
  CHECK(ReadAll(second.path()) == files);
  auto others = ReadAll(other.path());
  CHECK(others["tape/loans.csv"] != files.at("tape/loans.csv"));
  CHECK(others["tape/mapping.toml"] == files.at("tape/mapping.toml"));
}

// A portfolio named in a report must be reproducible on another machine. A change of the generator
// changes this number knowingly; a change of compiler, library or processor must not.
TEST_CASE("A known portfolio has known bytes") {
  const ScratchFolder folder("golden");
  GenerateOrFail({.loans = 300, .seed = 42}, folder.path());
  std::uint64_t hash = 0xcbf2'9ce4'8422'2325ULL;  // FNV-1a
  for (const auto& [path, bytes] : ReadAll(folder.path())) {
    if (path == "tape/mapping.toml") continue;  // documentation, free to change
    for (const char c : path + bytes) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01b3ULL;
    }
  }
  CHECK(hash == 0xe8eb'7808'f404'201aULL);
}

TEST_CASE("The report says what was written") {
  const ScratchFolder folder("report");
  const auto report = GenerateOrFail({.loans = 700, .seed = 3}, folder.path());
  const auto tape = folder.path() / "tape";
  CHECK(report.loans == 700);
  CHECK(ReadTable(tape / "loans.csv").size() == 700);
  CHECK(ReadTable(tape / "outcomes.csv").size() == report.resolved);
  CHECK(ReadTable(tape / "parties.csv").size() == report.parties + report.lenders);
  CHECK(ReadTable(tape / "guarantees.csv").size() == report.guarantees);
  CHECK(ReadTable(tape / "collateral.csv").size() == report.collateral);
  CHECK(ReadTable(tape / "liens.csv").size() == report.liens);
  CHECK(ReadTable(tape / "proceedings.csv").size() == report.proceedings);
  CHECK(ReadTable(tape / "repayments.csv").size() == report.repayments);
  CHECK(ReadTable(tape / "courts.csv").size() == report.courts);
  CHECK(ReadTable(tape / "regions.csv").size() == report.regions);
  CHECK(ReadTable(folder.path() / "truth" / "truth.csv").size() == 700);
}

TEST_CASE("Any number of loans is met exactly") {
  for (const std::uint64_t loans : {1U, 2U, 17U, 19U, 100U}) {
    const ScratchFolder folder("count");
    GenerateOrFail({.loans = loans}, folder.path());
    CHECK(ReadTable(folder.path() / "tape" / "loans.csv").size() == loans);
  }
}

TEST_CASE("The truth is not in the tape") {
  const ScratchFolder folder("truth");
  GenerateOrFail({.loans = 400}, folder.path());
  std::set<std::string> cells;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "tape")) {
    if (entry.path().extension() != ".csv") continue;
    for (const Row& row : ReadTable(entry.path())) {
      for (const auto& [column, value] : row) {
        REQUIRE(column.find("expected") == std::string::npos);
        REQUIRE(column.find("noise") == std::string::npos);
        cells.insert(value);
      }
    }
  }
  std::set<std::string> resolved;
  for (const Row& row : ReadTable(folder.path() / "tape" / "outcomes.csv")) {
    resolved.insert(row.at("loan_id"));
  }
  for (const Row& row : ReadTable(folder.path() / "truth" / "truth.csv")) {
    CHECK_FALSE(cells.contains(row.at("expected_recovery_rate")));
    CHECK_FALSE(cells.contains(row.at("noise")));
    // What is still open has no outcome in the tape, though the truth knows how it will end.
    CHECK(resolved.contains(row.at("loan_id")) == (row.at("resolved") == "1"));
  }
}

TEST_CASE("The currency decides decimals and the mapping") {
  const ScratchFolder folder("currency");
  const auto yen = Currency::Parse("JPY");
  REQUIRE(yen.has_value());
  GenerateOrFail({.loans = 20, .currency = *yen}, folder.path());
  for (const Row& row : ReadTable(folder.path() / "tape" / "loans.csv")) {
    CHECK(row.at("balance").find('.') == std::string::npos);
  }
  const std::string mapping = ReadFile(folder.path() / "tape" / "mapping.toml");
  CHECK(mapping.find("currency = \"JPY\"") != std::string::npos);
  CHECK(mapping.find("CNY") == std::string::npos);
}

TEST_CASE("The mapping beside a tape is the one in the documentation") {
  const ScratchFolder folder("mapping");
  GenerateOrFail({.loans = 1}, folder.path());
  CHECK(ReadFile(folder.path() / "tape" / "mapping.toml") ==
        ReadFile("docs/examples/synthetic/mapping.toml"));
}

TEST_CASE("A portfolio is never written over another") {
  const ScratchFolder folder("twice");
  GenerateOrFail({.loans = 1}, folder.path());
  const auto again = GeneratePortfolio({.loans = 1}, folder.path());
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().code == ErrorCode::kAlreadyExists);
}

TEST_CASE("Without effects of neighbours only the loan itself and chance decide") {
  const ScratchFolder with("neighbours");
  const ScratchFolder without("alone");
  const auto full = GenerateOrFail({.loans = 3000}, with.path());
  const auto none = GenerateOrFail({.loans = 3000, .neighbour_effects = 0.0}, without.path());
  for (const Row& row : ReadTable(without.path() / "truth" / "truth.csv")) {
    for (const char* part : {"collateral", "guarantors", "debtor", "court", "lender", "region"}) {
      REQUIRE(std::stod(row.at(part)) == 0.0);
    }
  }
  CHECK(full.mechanism_r2 > full.own_r2 + 0.2);
  CHECK(none.mechanism_r2 < none.own_r2 + 0.05);
  CHECK(none.own_r2 > full.own_r2);
  // The tape looks the same: only what was recovered, and when it was known, differs.
  CHECK(ReadFile(with.path() / "tape" / "loans.csv") ==
        ReadFile(without.path() / "tape" / "loans.csv"));
  CHECK(ReadFile(with.path() / "tape" / "outcomes.csv") !=
        ReadFile(without.path() / "tape" / "outcomes.csv"));
  CHECK(ReadFile(without.path() / "truth" / "mechanism.json").find("\"neighbour_effects\": 0") !=
        std::string::npos);
}

TEST_CASE("Effects of neighbours beyond none and all are refused") {
  const ScratchFolder folder("effects");
  for (const double effects : {-0.01, 1.01, std::nan("")}) {
    const auto report =
        GeneratePortfolio({.loans = 10, .neighbour_effects = effects}, folder.path());
    REQUIRE_FALSE(report.has_value());
    CHECK(report.error().code == ErrorCode::kInvalidArgument);
    CHECK(report.error().message.find("neighbour effects") != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(folder.path()));
}

TEST_CASE("Numbers of loans and days that make no sense are refused") {
  const ScratchFolder folder("refused");
  CHECK(GeneratePortfolio({.loans = 0}, folder.path()).error().code == ErrorCode::kInvalidArgument);
  CHECK_FALSE(GeneratePortfolio({.loans = 10'000'001}, folder.path()).has_value());
  CHECK_FALSE(GeneratePortfolio({.as_of = Date::Max()}, folder.path()).has_value());
  CHECK_FALSE(std::filesystem::exists(folder.path()));
}

}  // namespace
}  // namespace recoup::graph::synthetic
