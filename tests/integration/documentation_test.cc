// The mappings that the documentation shows are parsed and imported here.
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <map>

#include "tests/support/tape_folder.h"

namespace recoup::graph {
namespace {

// Returns the blocks of docs/mapping.md that begin with `# example: <name>`.
std::map<std::string, std::string> Examples() {
  std::ifstream file("docs/mapping.md");
  REQUIRE(file);
  std::map<std::string, std::string> examples;
  std::string line;
  std::string* current = nullptr;
  while (std::getline(file, line)) {
    constexpr std::string_view kMark = "# example: ";
    if (line.starts_with(kMark)) current = &examples[line.substr(kMark.size())];
    if (line == "```") current = nullptr;
    if (current != nullptr) *current += line + "\n";
  }
  return examples;
}

TEST_CASE("The documentation's least mapping works") {
  TapeFolder tape;
  tape.Write("claims.csv", "claim_no,balance,class\nK-1,12.5,loss\nK-2,3,doubtful\n");
  const ImportReport report = tape.MustImport(Examples().at("minimal"));
  CHECK(report.rows_rejected == 0);
  CHECK(AttributeOf(tape.Facts(), "K-1", "balance") == "125000.00 CNY");
  CHECK(AttributeOf(tape.Facts(), "K-2", "asset_class") == "doubtful");
}

TEST_CASE("The documentation's mapping of several tables works") {
  TapeFolder tape;
  tape.Write("loans.csv",
             "loan_id;borrower_id;balance;currency;rate;defaulted;secured;note;dpd\n"
             "L1;P1;1.234,50;;7,25;01.02.2023;J;slow payer;120\nL2;P2;10;CHF;n/a;;N;;\n");
  tape.Write("parties.csv", "party_id;type;name\nP1;GmbH;Muster GmbH\nP2;Verein;\n");
  tape.Write("collateral.csv",
             "collateral_id;type;appraised;appraised_on;loan_id;rank;owner_id\n"
             "C1;house;250.000;15.06.2021;L1;1;\nC2;car;;;L2;1;P2\n");
  tape.Write(
      "guarantees.csv",
      "guarantor_id;loan_id;cap;status;lapsed_on\nP2;L1;500;valid;\nP1;L2;5;lapsed;31.12.2023\n");
  tape.Write("proceedings.csv",
             "case_no;type;filed_on;loan_id;court;town\n7 K 1;execution;03.03.2023;L1;AG;Mainz\n");
  tape.Write("closed.csv", "loan_id;recovered;sold_on;closed_on\nL2;42,5;01.01.2022;01.01.2024\n");
  const ImportReport report = tape.MustImport(Examples().at("tables"));
  INFO(tape.Rejects());
  CHECK(report.rows_rejected == 0);
  CHECK(report.tables.size() == 6);  // payments.csv is optional
  CHECK(report.source.starts_with("servicer:"));
  const std::vector<Fact> facts = tape.Facts();
  CHECK(AttributeOf(facts, "L1", "balance") == "1234.50 EUR");
  CHECK(AttributeOf(facts, "L2", "balance") == "10.00 CHF");
  CHECK(AttributeOf(facts, "L1", "interest_rate") == "0.0725");
  CHECK(AttributeOf(facts, "L1", "secured") == "yes");
  CHECK(AttributeOf(facts, "P2", "party_type") == "unknown");
  CHECK(AttributeOf(facts, "C1", "appraisal_value") == "250000.00 EUR");
  std::map<std::string, int> edges;
  for (const Fact& fact : facts) {
    if (const auto* edge = std::get_if<EdgeFact>(&fact)) {
      const bool removed = edge->operation == FactOperation::kRemove;
      ++edges[(removed ? "-" : "") + std::string(EdgeKindName(edge->kind))];
    }
  }
  CHECK(edges == std::map<std::string, int>{{"-guarantees", 1},
                                            {"borrows", 2},
                                            {"guarantees", 1},
                                            {"heard_at", 1},
                                            {"involved_in", 1},
                                            {"owns", 1},
                                            {"secures", 2}});
  CHECK(std::get<OutcomeFact>(facts.back()).recovery_rate == 0.425);
}

}  // namespace
}  // namespace recoup::graph
