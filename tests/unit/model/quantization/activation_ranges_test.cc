#include "model/quantization/activation_ranges.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <span>
#include <vector>

#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

using Catch::Approx;
using graph::NodeKind;

struct World {
  World() {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      inputs.push_back(testing::RandomNeighbourhood(artifact.schema, seed));
    }
  }
  ActivationRanges Observed() const {
    RangeObserver observer(network);
    for (const EncodedNeighbourhood& input : inputs) observer.Observe(input);
    return observer.ranges();
  }

  ModelArtifact artifact = testing::RandomArtifact({6, 5}, 3);
  PackedNetwork network = PackedNetwork::Pack(artifact.weights, artifact.schema).value();
  std::vector<EncodedNeighbourhood> inputs;
};

std::vector<float> Highest(const std::vector<float>& rows, std::size_t width) {
  std::vector<float> highest(width, 0.0F);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    highest[i % width] = std::max(highest[i % width], rows[i]);
  }
  return highest;
}

void Append(std::span<const float> more, std::vector<float>* rows) {
  rows->insert(rows->end(), more.begin(), more.end());
}

// Everything that the network computes for a kind, one row after the other.
struct AllRows {
  std::vector<float> numeric;
  std::vector<float> zero;
  std::vector<float> first;
};

AllRows RowsOf(const World& world, NodeKind kind) {
  AllRows all;
  ForwardPass pass(world.network);
  for (const EncodedNeighbourhood& input : world.inputs) {
    pass.Run(input);
    Append(input.Of(kind).numeric, &all.numeric);
    Append(pass.ZeroRows(kind), &all.zero);
    Append(pass.FirstRows(kind), &all.first);
  }
  return all;
}

TEST_CASE("The extremes of each channel are kept, and 0 is always among them") {
  const World world;
  const ActivationRanges ranges = world.Observed();
  CHECK(ranges.loans == 30);
  for (const NodeKind kind : {NodeKind::kLoan, NodeKind::kParty, NodeKind::kCourt}) {
    const AllRows all = RowsOf(world, kind);
    const ActivationRanges::OfKind& seen = ranges.kinds[static_cast<std::size_t>(kind)];
    const std::size_t width = world.artifact.schema.Of(kind).numeric_width();
    CHECK(seen.rows == all.zero.size() / 6);
    CHECK(seen.highest == Highest(all.numeric, width));
    std::vector<float> negated;
    for (const float number : all.numeric) negated.push_back(-number);
    std::vector<float> lowest = Highest(negated, width);
    for (float& number : lowest) number = -number;
    CHECK(seen.lowest == lowest);
    CHECK(seen.zero == Highest(all.zero, 6));
    CHECK(seen.first == Highest(all.first, 6));
  }
}

TEST_CASE("The loan's last layer and the head have extremes too") {
  const World world;
  const ActivationRanges ranges = world.Observed();
  std::vector<float> second;
  std::vector<float> head;
  ForwardPass pass(world.network);
  for (const EncodedNeighbourhood& input : world.inputs) {
    pass.Run(input);
    Append(pass.second(), &second);
    Append(pass.head(), &head);
  }
  CHECK(ranges.second == Highest(second, 6));
  CHECK(ranges.head == Highest(head, 5));
}

TEST_CASE("Products of channels are summed over all rows of a kind") {
  const World world;
  const ActivationRanges ranges = world.Observed();
  const auto check = [](const std::vector<double>& products, const std::vector<float>& rows) {
    REQUIRE(products.size() == 36);
    for (std::size_t i = 0; i < 36; ++i) {
      double sum = 0.0;
      for (std::size_t row = 0; row < rows.size(); row += 6) {
        sum += static_cast<double>(rows[row + i / 6]) * static_cast<double>(rows[row + i % 6]);
      }
      CHECK(products[i] == Approx(sum).epsilon(1e-12));
    }
  };
  const AllRows loans = RowsOf(world, NodeKind::kLoan);
  check(ranges.kinds[static_cast<std::size_t>(NodeKind::kLoan)].zero_products, loans.zero);
  check(ranges.kinds[static_cast<std::size_t>(NodeKind::kLoan)].first_products, loans.first);
}

TEST_CASE("The order of loans does not move an extreme") {
  World world;
  const ActivationRanges forwards = world.Observed();
  std::reverse(world.inputs.begin(), world.inputs.end());
  const ActivationRanges backwards = world.Observed();
  for (std::size_t kind = 0; kind < forwards.kinds.size(); ++kind) {
    CHECK(forwards.kinds[kind].rows == backwards.kinds[kind].rows);
    CHECK(forwards.kinds[kind].lowest == backwards.kinds[kind].lowest);
    CHECK(forwards.kinds[kind].highest == backwards.kinds[kind].highest);
    CHECK(forwards.kinds[kind].zero == backwards.kinds[kind].zero);
    CHECK(forwards.kinds[kind].first == backwards.kinds[kind].first);
  }
  CHECK(forwards.second == backwards.second);
  CHECK(forwards.head == backwards.head);
}

TEST_CASE("A kind that no loan met has no extremes") {
  const World world;
  const ActivationRanges ranges = world.Observed();
  const ActivationRanges::OfKind& seen =
      ranges.kinds[static_cast<std::size_t>(NodeKind::kPortfolio)];
  CHECK(seen.rows == 0);
  CHECK(seen.zero.empty());
  CHECK(seen.zero_products.empty());
  CHECK(RangeObserver(world.network).ranges().loans == 0);
}

}  // namespace
}  // namespace recoup::model
