// The SBA file as docs/examples/sba maps it, against the figures published with it. Needs the real
// data: found by RECOUP_SHARED or in ../shared, else skipped.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdlib>
#include <map>

#include "graph/ingest/import.h"
#include "graph/schema/fact.h"
#include "graph/store/graph_store.h"

namespace recoup::graph {
namespace {

std::filesystem::path SharedFolder() {
  const char* named = std::getenv("RECOUP_SHARED");
  return named == nullptr ? std::filesystem::path("../shared") : std::filesystem::path(named);
}

ImportOptions SbaOptions() {
  ImportOptions options;
  options.tape = SharedFolder() / "data/sba";
  options.mapping = "docs/examples/sba/mapping.toml";
  if (!std::filesystem::exists(options.tape / "loans.csv.gz")) {
    SKIP("no SBA data in " << SharedFolder().string() << "; set RECOUP_SHARED");
  }
  return options;
}

Date Day(const char* text) { return *Date::Parse(text); }

struct SbaFacts {
  std::map<std::string, std::map<std::string, Date>> known_at;  // loan, attribute
  std::vector<OutcomeFact> outcomes;
  std::size_t non_performing = 0;  // loans with a default date
  std::uint64_t facts = 0;
};

void Collect(const FactBatch& batch, SbaFacts* sba) {
  sba->facts += batch.facts.size();
  for (const Fact& fact : batch.facts) {
    if (const auto* outcome = std::get_if<OutcomeFact>(&fact)) sba->outcomes.push_back(*outcome);
    const auto* node = std::get_if<NodeFact>(&fact);
    if (node == nullptr || node->node.kind != NodeKind::kLoan) continue;
    for (const NamedAttribute& attribute : node->attributes) {
      sba->known_at[node->node.external_id][attribute.name] = node->dates.known_at;
      if (attribute.name == "default_date") ++sba->non_performing;
    }
  }
}

TEST_CASE("The SBA file gives the published population, target and splits") {
  const ImportOptions options = SbaOptions();
  SbaFacts sba;
  const auto report = ImportTape(options, [&](const FactBatch& batch) -> Result<void> {
    Collect(batch, &sba);
    return CheckBatch(batch);
  });
  if (!report.has_value()) FAIL(report.error().message);
  CHECK(report->rows_read == 84368);
  CHECK(report->rows_rejected == 0);
  CHECK(report->facts_written == sba.facts);
  CHECK(sba.known_at.size() == 84368);
  CHECK(sba.non_performing == 34879);
  // All but the 62 without a disbursement date.
  REQUIRE(sba.outcomes.size() == 34817);

  double sum = 0.0;
  double squares = 0.0;
  std::size_t at_zero = 0;
  std::map<std::string, std::size_t> split;
  for (const OutcomeFact& outcome : sba.outcomes) {
    sum += outcome.recovery_rate;
    squares += outcome.recovery_rate * outcome.recovery_rate;
    if (outcome.recovery_rate == 0.0) ++at_zero;
    const Date known_at = outcome.dates.known_at;
    CHECK(DaysBetween(outcome.valuation_date, known_at) == 180);
    if (known_at < Day("2010-01-01")) {
      ++split["train"];
    } else if (known_at < Day("2011-01-01")) {
      ++split["validation"];
    } else if (known_at >= Day("2011-07-01")) {
      ++split["test"];
    }
  }
  const auto count = static_cast<double>(sba.outcomes.size());
  CHECK(sum / count == Catch::Approx(0.277).margin(0.0005));
  CHECK(std::sqrt(squares / count - sum / count * sum / count) ==
        Catch::Approx(0.261).margin(0.0005));
  CHECK(static_cast<double>(at_zero) / count == Catch::Approx(0.08).margin(0.005));
  CHECK(split ==
        std::map<std::string, std::size_t>{{"train", 18183}, {"validation", 7400}, {"test", 6871}});
}

TEST_CASE("What values an SBA loan is known on its valuation day, and its outcome is not") {
  const ImportOptions options = SbaOptions();
  SbaFacts sba;
  REQUIRE(ImportTape(options, [&](const FactBatch& batch) -> Result<void> {
            Collect(batch, &sba);
            return {};
          }).has_value());
  std::size_t late = 0;
  std::size_t without = 0;
  for (const OutcomeFact& outcome : sba.outcomes) {
    const auto& known_at = sba.known_at.at(outcome.loan.external_id);
    if (known_at.count("balance") == 0 || known_at.count("default_date") == 0) ++without;
    for (const auto& [name, day] : known_at) late += day > outcome.valuation_date ? 1 : 0;
  }
  CHECK(late == 0);
  CHECK(without == 0);
}

TEST_CASE("Importing the SBA file again into a store changes nothing") {
  ImportOptions options = SbaOptions();
  const std::unique_ptr<GraphStore> store = MakeMemoryGraphStore();
  const FactSink sink = [&](const FactBatch& batch) -> Result<void> {
    const Result<ApplyReceipt> receipt = store->Apply(batch);
    if (!receipt.has_value()) return receipt.error();
    return {};
  };
  REQUIRE(ImportTape(options, sink).has_value());
  const StoreStatistics first = *store->Statistics();
  CHECK(first.nodes.at(NodeKind::kLoan) == 84368);
  CHECK(first.outcomes == 34817);
  REQUIRE(ImportTape(options, sink).has_value());
  const StoreStatistics second = *store->Statistics();
  CHECK(second.epoch == first.epoch);
  CHECK(second.facts == first.facts);
}

}  // namespace
}  // namespace recoup::graph
