// An import and a store together: replays change nothing, interruptions are made good.
#include <catch2/catch_test_macros.hpp>

#include "graph/store/graph_store.h"
#include "tests/support/tape_folder.h"

namespace recoup::graph {
namespace {

constexpr std::string_view kMapping = R"(recoup_mapping = 1
currency = "USD"
known_at = { date = "2024-01-31" }
[[table]]
file = "loans.csv"
[[table.node]]
kind = "loan"
id = "id"
[table.node.attributes]
balance = "balance"
)";

FactSink Into(GraphStore* store) {
  return [store](const FactBatch& batch) -> Result<void> {
    const Result<ApplyReceipt> receipt = store->Apply(batch);
    if (!receipt.has_value()) return receipt.error();
    return {};
  };
}

void WriteTape(const TapeFolder& tape) {
  std::string rows = "id,balance\n";
  for (int i = 0; i < 5000; ++i) rows += "L" + std::to_string(i) + "," + std::to_string(i) + "\n";
  tape.Write("loans.csv", rows);
  tape.Write("mapping.toml", kMapping);
}

TEST_CASE("Importing the same tape again changes nothing") {
  TapeFolder tape;
  WriteTape(tape);
  tape.options.facts_per_batch = 700;
  const auto store = MakeMemoryGraphStore();
  REQUIRE(ImportTape(tape.options, Into(store.get())).has_value());
  const StoreStatistics first = *store->Statistics();
  CHECK(first.nodes.at(NodeKind::kLoan) == 5000);
  REQUIRE(ImportTape(tape.options, Into(store.get())).has_value());
  CHECK(store->Statistics()->epoch == first.epoch);
  CHECK(store->Statistics()->facts == first.facts);
}

TEST_CASE("An interrupted import goes on where it ended") {
  TapeFolder tape;
  WriteTape(tape);
  tape.options.facts_per_batch = 700;
  const auto store = MakeMemoryGraphStore();
  std::atomic<bool> stop = false;
  tape.options.stop = &stop;
  const FactSink sink = Into(store.get());
  const auto part = ImportTape(tape.options, [&](const FactBatch& batch) {
    stop = batch.source_offset == 2;
    return sink(batch);
  });
  REQUIRE(part.has_value());
  CHECK(part->interrupted);
  CHECK(store->Statistics()->facts == 2100);
  stop = false;
  REQUIRE(ImportTape(tape.options, sink).has_value());
  CHECK(store->Statistics()->facts == 5000);
  CHECK(store->Statistics()->epoch == 8);
}

}  // namespace
}  // namespace recoup::graph
