#include "graph/ingest/batch_writer.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace recoup::graph {
namespace {

const FactDates kDates{*Date::Parse("2024-01-01"), *Date::Parse("2024-01-02")};

MappedFact Loan(const std::string& id, bool once = false) {
  return {NodeFact{{NodeKind::kLoan, id}, FactOperation::kUpsert, {}, kDates}, once};
}

// A writer whose batches are kept.
struct Kept {
  explicit Kept(std::size_t facts, std::size_t bytes = BatchLimits().bytes)
      : writer("tape:1", {}, {facts, bytes}, [this](const FactBatch& batch) -> Result<void> {
          batches.push_back(batch);
          return {};
        }) {}

  void Add(std::vector<MappedFact> row) { REQUIRE(writer.Add(row).has_value()); }

  std::vector<FactBatch> batches;
  BatchWriter writer;
};

TEST_CASE("A batch is handed over once it is full, and a row's facts never part") {
  Kept kept(3);
  kept.Add({Loan("1"), Loan("2")});
  CHECK(kept.batches.empty());
  kept.Add({Loan("3"), Loan("4")});
  REQUIRE(kept.batches.size() == 1);
  CHECK(kept.batches[0].facts.size() == 4);
  CHECK(kept.writer.facts() == 4);
}

TEST_CASE("Batches bear the source and count up from 0") {
  Kept kept(1);
  kept.Add({Loan("1")});
  kept.Add({Loan("2")});
  REQUIRE(kept.batches.size() == 2);
  CHECK(kept.batches[0].source == "tape:1");
  CHECK(kept.batches[0].source_offset == 0);
  CHECK(kept.batches[1].source_offset == 1);
  CHECK(kept.writer.batches() == 2);
}

TEST_CASE("Finishing hands over the rest, and nothing if there is none") {
  Kept kept(2);
  REQUIRE(kept.writer.Finish().has_value());
  CHECK(kept.batches.empty());
  kept.Add({Loan("1")});
  REQUIRE(kept.writer.Finish().has_value());
  REQUIRE(kept.writer.Finish().has_value());
  REQUIRE(kept.batches.size() == 1);
  CHECK(kept.batches[0].facts.size() == 1);
}

TEST_CASE("What is marked once is left out when it was said before, also in another batch") {
  Kept kept(1);
  kept.Add({Loan("1", true)});
  kept.Add({Loan("1", true)});
  kept.Add({Loan("1", false)});
  CHECK(kept.batches.size() == 2);
}

TEST_CASE("No facts a batch is taken as one") {
  Kept kept(0);
  kept.Add({});
  kept.Add({Loan("1")});
  CHECK(kept.batches.back().facts.size() == 1);
}

// Each loan of a two-letter id takes 98 bytes, the header of a batch 38; see fact_size_test.cc.
TEST_CASE("A batch is handed over before a row that would make it too large") {
  Kept kept(1000, 38 + 3 * 98);
  kept.Add({Loan("L1"), Loan("L2")});
  kept.Add({Loan("L3")});
  CHECK(kept.batches.empty());
  kept.Add({Loan("L4")});
  REQUIRE(kept.batches.size() == 1);
  CHECK(kept.batches[0].facts.size() == 3);
  kept.Add({Loan("L5"), Loan("L6"), Loan("L7")});
  REQUIRE(kept.batches.size() == 2);
  CHECK(kept.batches[1].facts.size() == 1);
  CHECK(kept.batches[1].source_offset == 1);
  REQUIRE(kept.writer.Finish().has_value());
  CHECK(kept.batches.back().facts.size() == 3);
  CHECK(kept.writer.facts() == 7);
}

TEST_CASE("A row that is too large by itself is a batch of its own") {
  Kept kept(1000, 1);
  kept.Add({Loan("L1")});
  kept.Add({Loan("L2"), Loan("L3")});
  REQUIRE(kept.writer.Finish().has_value());
  REQUIRE(kept.batches.size() == 2);
  CHECK(kept.batches[0].facts.size() == 1);
  CHECK(kept.batches[1].facts.size() == 2);
}

TEST_CASE("What is left out as known takes no room") {
  Kept kept(1000, 38 + 98);
  for (int i = 0; i < 10; ++i) kept.Add({Loan("L1", true)});
  CHECK(kept.batches.empty());
}

TEST_CASE("What the sink refuses is named with its batch and not counted") {
  BatchWriter writer("tape:1", {}, {.facts = 1}, [](const FactBatch& batch) -> Result<void> {
    if (batch.source_offset == 0) return {};
    return Error{ErrorCode::kUnavailable, "the disk is full"};
  });
  std::vector<MappedFact> row = {Loan("1")};
  REQUIRE(writer.Add(row).has_value());
  row = {Loan("2")};
  const Result<void> refused = writer.Add(row);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::kUnavailable);
  CHECK(refused.error().message.find("batch 1") != std::string::npos);
  CHECK(refused.error().message.find("the disk is full") != std::string::npos);
  CHECK(writer.facts() == 1);
}

}  // namespace
}  // namespace recoup::graph
