#include "model/features/encode_examples.h"

#include <catch2/catch_test_macros.hpp>
#include <numeric>
#include <vector>

#include "tests/unit/graph/sampling/graph_builder.h"
#include "tests/unit/graph/sampling/random_facts.h"

namespace recoup::model {
namespace {

using graph::EdgeKind;
using graph::GraphBuilder;
using graph::NodeKind;

struct World {
  GraphBuilder graph;
  std::vector<Example> examples;
};

// Loans 0 .. 599, each with a borrower of its own, one loan a day.
World ManyLoans() {
  World world;
  for (int i = 0; i < 600; ++i) {
    const std::string id = std::to_string(i);
    world.graph.Node(NodeKind::kLoan, id, 10 + i, {{"score", static_cast<double>(i)}});
    world.graph.Edge(EdgeKind::kBorrows, {NodeKind::kParty, std::to_string(i % 40)},
                     {NodeKind::kLoan, id}, 10 + i);
    world.graph.Outcome(id, 0.001 * i, 10 + i, 200 + i);
  }
  world.graph.Apply();
  world.examples = CollectExamples(world.graph.store()).value().examples;
  return world;
}

Encoder MakeEncoder(const World& world) {
  KindFeatures loan{
      NodeKind::kLoan, {{"score", graph::AttributeType::kNumber, {0.0, 600.0}, ""}}, {}};
  return Encoder(FeatureSchema({loan}, 0.5), world.graph.View(5000)->Attributes());
}

TEST_CASE("The number of threads changes nothing, and progress reaches the end") {
  const World world = ManyLoans();
  const Encoder encoder = MakeEncoder(world);
  const auto one = EncodeExamples(world.graph.store(), encoder, {}, world.examples, 1).value();
  REQUIRE(one.size() == world.examples.size());
  std::size_t last = 0;
  const auto four = EncodeExamples(world.graph.store(), encoder, {}, world.examples, 4,
                                   [&last](std::size_t done, std::size_t total) {
                                     CHECK(done > last);
                                     CHECK(total == 600);
                                     last = done;
                                   })
                        .value();
  CHECK(four == one);
  CHECK(last == 600);
}

TEST_CASE("Each example is encoded as of its own day") {
  const World world = ManyLoans();
  const Encoder encoder = MakeEncoder(world);
  const auto all = EncodeExamples(world.graph.store(), encoder, {}, world.examples, 2).value();
  for (std::size_t i = 0; i < all.size(); i += 37) {
    const auto view = world.graph.store().ViewAsOf(world.examples[i].as_of);
    const auto around = graph::SampleNeighbourhood(*view, world.examples[i].loan, {}).value();
    CHECK(all[i] == encoder.Encode(*view, around).value());
  }
}

TEST_CASE("Without shuffling, the surroundings are the own") {
  const World world = ManyLoans();
  const Encoder encoder = MakeEncoder(world);
  std::vector<std::uint32_t> same(world.examples.size());
  std::iota(same.begin(), same.end(), 0U);
  const auto plain = EncodeExamples(world.graph.store(), encoder, {}, world.examples, 1).value();
  CHECK(EncodeExamples(world.graph.store(), encoder, {}, world.examples, 1, {}, same).value() ==
        plain);
}

TEST_CASE("Shuffled surroundings keep the own row; a loan unknown by the day lends none") {
  const World world = ManyLoans();
  const Encoder encoder = MakeEncoder(world);
  const auto plain = EncodeExamples(world.graph.store(), encoder, {}, world.examples, 1).value();
  std::vector<std::uint32_t> shuffled(world.examples.size(), 300);
  const auto lent =
      EncodeExamples(world.graph.store(), encoder, {}, world.examples, 2, {}, shuffled).value();
  CHECK(lent[300] == plain[300]);
  CHECK(lent[100].relations.empty());  // loan 300 comes into the world later than day 110
  CHECK_FALSE(lent[500].relations.empty());
  for (const std::size_t i : {100, 500}) {
    CHECK(lent[i].Of(NodeKind::kLoan).numeric[0] == plain[i].Of(NodeKind::kLoan).numeric[0]);
  }
  CHECK(lent[500] != plain[500]);
}

TEST_CASE("Surroundings that fit no example are refused") {
  const World world = ManyLoans();
  const Encoder encoder = MakeEncoder(world);
  for (const std::vector<std::uint32_t>& wrong :
       {std::vector<std::uint32_t>{0}, std::vector<std::uint32_t>(600, 600)}) {
    const auto encoded =
        EncodeExamples(world.graph.store(), encoder, {}, world.examples, 1, {}, wrong);
    REQUIRE_FALSE(encoded.has_value());
    CHECK(encoded.error().code == ErrorCode::kInvalidArgument);
  }
}

TEST_CASE("The first example that fails is named, whichever thread meets it") {
  World world = ManyLoans();
  const Encoder encoder = MakeEncoder(world);
  world.examples[70].as_of = Date(1);
  world.examples[550].as_of = Date(1);
  for (const int threads : {1, 4}) {
    const auto encoded = EncodeExamples(world.graph.store(), encoder, {}, world.examples, threads);
    REQUIRE_FALSE(encoded.has_value());
    CHECK(encoded.error().code == ErrorCode::kNotFound);
    CHECK(encoded.error().message.starts_with("example 70: "));
  }
}

}  // namespace
}  // namespace recoup::model
