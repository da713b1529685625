#include "model/evaluation/attach_peers.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <vector>

#include "model/peers/peer_answer.h"
#include "model/runtime/peer_book.h"
#include "tests/unit/model/learning/served_world.h"

namespace recoup::model {
namespace {

using testing::BitsOf;
using testing::ServedWorld;

// Every twentieth resolved loan, the latest first: not in the order of their days.
std::vector<Example> Some(const ServedWorld& world) {
  std::vector<Example> some;
  const std::vector<Example> all = CollectExamples(*world.store).value().examples;
  for (std::size_t i = 0; i < all.size(); i += 20) some.push_back(all[i]);
  std::reverse(some.begin(), some.end());
  return some;
}

std::vector<EncodedNeighbourhood> Encoded(const ServedWorld& world,
                                          const std::vector<Example>& examples) {
  std::vector<EncodedNeighbourhood> inputs;
  for (const Example& example : examples) {
    inputs.push_back(world.Encoded(*world.store->ViewAsOf(example.as_of), example.loan));
  }
  return inputs;
}

TEST_CASE("Each loan hears what its peers say as of its own day, as serving asks them") {
  const ServedWorld world;
  const std::vector<Example> examples = Some(world);
  REQUIRE(examples.size() > 20);
  std::vector<EncodedNeighbourhood> inputs = Encoded(world, examples);
  REQUIRE(AttachPeers(*world.store, world.artifact, examples, inputs).has_value());
  const auto book =
      PeerBook::Read(*world.store, *world.artifact.ensemble, world.artifact.schema).value();
  std::size_t heard = 0;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const auto view = world.store->ViewAsOf(examples[i].as_of);
    EncodedNeighbourhood alone = world.Encoded(*view, examples[i].loan);
    REQUIRE(book->Attach(*view, examples[i].loan, &alone).has_value());
    REQUIRE(inputs[i].peers != nullptr);
    CHECK(BitsOf(inputs[i].peers->outcome) == BitsOf(alone.peers->outcome));
    CHECK(BitsOf(inputs[i].peers->residual) == BitsOf(alone.peers->residual));
    CHECK(BitsOf(inputs[i].peers->nearest) == BitsOf(alone.peers->nearest));
    CHECK(BitsOf(inputs[i].context) == BitsOf(alone.context));
    if (!inputs[i].peers->outcome.empty() && inputs[i].peers->outcome.front() > 0.0F) ++heard;
  }
  CHECK(heard > 0);
}

TEST_CASE("A model without an ensemble asks no peers") {
  ServedWorld world;
  const std::vector<Example> examples = Some(world);
  std::vector<EncodedNeighbourhood> inputs = Encoded(world, examples);
  const std::vector<EncodedNeighbourhood> before = inputs;
  world.artifact.ensemble.reset();
  REQUIRE(AttachPeers(*world.store, world.artifact, examples, inputs).has_value());
  CHECK(inputs == before);
}

TEST_CASE("A loan that its day does not show yet is not found") {
  const ServedWorld world;
  std::vector<Example> examples = {Some(world).front()};
  std::vector<EncodedNeighbourhood> inputs = Encoded(world, examples);
  examples.front().as_of = testing::PeerWorld::FirstDay().PlusDays(-1000);
  const auto attached = AttachPeers(*world.store, world.artifact, examples, inputs);
  REQUIRE_FALSE(attached.has_value());
  CHECK(attached.error().code == ErrorCode::kNotFound);
}

}  // namespace
}  // namespace recoup::model
