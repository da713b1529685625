// What a generated tape promises about its contents: references, dates, ranks, circles.
#include "graph/synthetic/tape_writer.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "graph/synthetic/generate_portfolio.h"
#include "tests/unit/graph/synthetic/tape_files.h"

namespace recoup::graph::synthetic {
namespace {

using Tape = std::map<std::string, std::vector<Row>>;

const Tape& TestTape() {
  static const Tape tape = [] {
    const ScratchFolder folder("structure");
    GenerateOrFail({.loans = 3000, .seed = 11}, folder.path());
    Tape read;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "tape")) {
      if (entry.path().extension() == ".csv") read[entry.path().stem()] = ReadTable(entry.path());
    }
    return read;
  }();
  return tape;
}

std::map<std::string, Row> ById(const std::string& table, const std::string& column) {
  std::map<std::string, Row> rows;
  for (const Row& row : TestTape().at(table)) {
    REQUIRE(rows.emplace(row.at(column), row).second);
  }
  return rows;
}

void CheckReferences(const std::string& table, const std::string& column,
                     const std::map<std::string, Row>& targets, bool optional = false) {
  for (const Row& row : TestTape().at(table)) {
    if (optional && row.at(column).empty()) continue;
    REQUIRE(targets.contains(row.at(column)));
  }
}

TEST_CASE("Every reference of a tape resolves, and every id is unique") {
  const auto loans = ById("loans", "loan_id");
  const auto parties = ById("parties", "party_id");
  const auto collateral = ById("collateral", "collateral_id");
  const auto courts = ById("courts", "court_id");
  const auto regions = ById("regions", "region_id");
  const auto industries = ById("industries", "industry_id");
  ById("proceedings", "proceeding_id");
  ById("outcomes", "loan_id");
  CheckReferences("loans", "debtor_id", parties);
  CheckReferences("loans", "lender_id", parties);
  CheckReferences("loans", "court_id", courts);
  CheckReferences("loans", "region_id", regions);
  CheckReferences("parties", "region_id", regions);
  CheckReferences("parties", "industry_id", industries, true);
  CheckReferences("courts", "region_id", regions);
  CheckReferences("guarantees", "guarantor_id", parties);
  CheckReferences("guarantees", "loan_id", loans);
  CheckReferences("collateral", "owner_id", parties);
  CheckReferences("liens", "collateral_id", collateral);
  CheckReferences("liens", "loan_id", loans);
  CheckReferences("proceedings", "loan_id", loans);
  CheckReferences("proceedings", "court_id", courts);
  CheckReferences("repayments", "loan_id", loans);
  CheckReferences("repayments", "debtor_id", parties);
  CheckReferences("outcomes", "loan_id", loans);
}

TEST_CASE("Dates follow the life of a loan, and everything is known by its valuation") {
  const auto loans = ById("loans", "loan_id");
  const auto parties = ById("parties", "party_id");
  const auto collateral = ById("collateral", "collateral_id");
  for (const auto& [id, loan] : loans) {
    REQUIRE(loan.at("origination_date") < loan.at("default_date"));
    REQUIRE(loan.at("origination_date") < loan.at("maturity_date"));
    REQUIRE(parties.at(loan.at("debtor_id")).at("reported_on") < loan.at("default_date"));
  }
  for (const Row& outcome : TestTape().at("outcomes")) {
    const Row& loan = loans.at(outcome.at("loan_id"));
    REQUIRE(loan.at("default_date") < outcome.at("valuation_date"));
    REQUIRE(outcome.at("valuation_date") < outcome.at("outcome_date"));
    REQUIRE(outcome.at("outcome_date") <= "2025-12-31");
  }
  for (const Row& guarantee : TestTape().at("guarantees")) {
    REQUIRE(parties.at(guarantee.at("guarantor_id")).at("reported_on") <
            loans.at(guarantee.at("loan_id")).at("default_date"));
  }
  for (const Row& lien : TestTape().at("liens")) {
    REQUIRE(collateral.at(lien.at("collateral_id")).at("appraisal_date") <
            loans.at(lien.at("loan_id")).at("default_date"));
  }
  for (const Row& proceeding : TestTape().at("proceedings")) {
    REQUIRE(loans.at(proceeding.at("loan_id")).at("default_date") < proceeding.at("filed_date"));
  }
}

TEST_CASE("Outcomes spread over years, so that training can be split by date") {
  std::map<std::string, int> by_year;
  for (const Row& outcome : TestTape().at("outcomes")) {
    ++by_year[outcome.at("outcome_date").substr(0, 4)];
  }
  CHECK(by_year.size() >= 5);
  CHECK(by_year["2025"] > 200);
  CHECK(by_year["2024"] > 200);
}

TEST_CASE("Ranks of a shared collateral are 1 to k, and some are shared") {
  std::map<std::string, std::vector<int>> ranks;
  for (const Row& lien : TestTape().at("liens")) {
    ranks[lien.at("collateral_id")].push_back(std::stoi(lien.at("lien_rank")));
  }
  int shared = 0;
  for (auto& [id, of_one] : ranks) {
    std::ranges::sort(of_one);
    for (std::size_t i = 0; i < of_one.size(); ++i) REQUIRE(of_one[i] == static_cast<int>(i) + 1);
    if (of_one.size() > 1) ++shared;
  }
  CHECK(shared > 100);
}

// Who guarantees whose loans, among debtors.
std::map<std::string, std::set<std::string>> GuaranteeGraph() {
  const auto loans = ById("loans", "loan_id");
  std::map<std::string, std::set<std::string>> graph;
  for (const Row& guarantee : TestTape().at("guarantees")) {
    graph[guarantee.at("guarantor_id")].insert(loans.at(guarantee.at("loan_id")).at("debtor_id"));
  }
  return graph;
}

// Length of the shortest way from a party back to itself; 0 if there is none within six steps.
int ReturnsAfter(const std::map<std::string, std::set<std::string>>& graph,
                 const std::string& start) {
  std::set<std::string> reached = {start};
  for (int steps = 1; steps <= 6; ++steps) {
    std::set<std::string> next;
    for (const std::string& party : reached) {
      const auto guaranteed = graph.find(party);
      if (guaranteed == graph.end()) continue;
      next.insert(guaranteed->second.begin(), guaranteed->second.end());
    }
    if (next.contains(start)) return steps;
    reached = next;
  }
  return 0;
}

TEST_CASE("Guarantee circles of two and more exist and close, and nobody guarantees themselves") {
  const auto graph = GuaranteeGraph();
  std::map<int, int> lengths;
  for (const auto& [party, debtors] : graph) ++lengths[ReturnsAfter(graph, party)];
  CHECK(lengths[0] > 500);  // guarantors from outside, and chains
  CHECK(lengths[1] == 0);
  CHECK(lengths[2] > 50);
  CHECK(lengths[3] > 15);
  CHECK(lengths[6] > 0);
  for (const auto& [length, parties] : lengths) {
    // Every circle of this length is closed by all of its members.
    if (length > 0) CHECK(parties % length == 0);
  }
}

TEST_CASE("Chains of guarantees exist that do not close") {
  const auto graph = GuaranteeGraph();
  int chains = 0;
  for (const auto& [party, debtors] : graph) {
    if (ReturnsAfter(graph, party) != 0) continue;
    for (const std::string& debtor : debtors) {
      const auto next = graph.find(debtor);
      if (next != graph.end() && ReturnsAfter(graph, debtor) == 0) ++chains;
    }
  }
  CHECK(chains > 20);
}

}  // namespace
}  // namespace recoup::graph::synthetic
