#include "model/gnn/recovery_network.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

const FeatureSchema& Schema() {
  static const FeatureSchema schema = testing::RandomSchema();
  return schema;
}

std::vector<EncodedNeighbourhood> RandomInputs(std::size_t count) {
  std::vector<EncodedNeighbourhood> inputs;
  for (std::size_t i = 0; i < count; ++i) {
    inputs.push_back(testing::RandomNeighbourhood(Schema(), 50 + i));
  }
  return inputs;
}

EncodedNeighbourhood Joined(const std::vector<EncodedNeighbourhood>& inputs) {
  std::vector<const EncodedNeighbourhood*> parts;
  for (const auto& input : inputs) parts.push_back(&input);
  return Collate(parts);
}

TEST_CASE("A new network is whole, knows the relations it was shown, and depends on its seed") {
  const auto inputs = RandomInputs(10);
  const auto relations = RelationsIn(inputs);
  CHECK(relations.size() == testing::TestRelations().size());
  const RecoveryNetwork network(Schema(), {8, 6}, relations, 1);
  const TensorMap weights = network.Weights();
  CHECK(CheckNetwork(weights, Schema()).has_value());
  CHECK(weights.contains("layer2.in.borrows.loan.party.weight"));
  CHECK(weights.contains("layer1.out.borrows.party.loan.weight"));
  // In brackets, so that Catch2 does not print the maps: LibTorch's headers break that.
  CHECK((weights == RecoveryNetwork(Schema(), {8, 6}, relations, 1).Weights()));
  CHECK((weights != RecoveryNetwork(Schema(), {8, 6}, relations, 2).Weights()));
  CHECK((weights == RecoveryNetwork(Schema(), weights).Weights()));
}

TEST_CASE("A joined batch gives the same logits as its loans alone") {
  const auto inputs = RandomInputs(12);
  const RecoveryNetwork network(Schema(), {8, 6}, RelationsIn(inputs), 1);
  const torch::NoGradGuard no_gradient;
  const EncodedNeighbourhood joined = Joined(inputs);
  const torch::Tensor together = network.Forward(MakeBatch(joined, Schema()), std::nullopt);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const torch::Tensor alone = network.Forward(MakeBatch(inputs[i], Schema()), std::nullopt);
    const auto row = together[static_cast<std::int64_t>(i)];
    CHECK((row - alone[0]).abs().max().item<float>() < 1e-5F);
  }
}

// Central differences through the whole network, for one entry of every tensor: our own operations
// bring their own gradients, which nothing else checks.
TEST_CASE("Gradients agree with central differences") {
  const auto inputs = RandomInputs(6);
  const EncodedNeighbourhood joined = Joined(inputs);
  const Batch batch = MakeBatch(joined, Schema());
  RecoveryNetwork network(Schema(), {5, 4}, RelationsIn(inputs), 3);
  const auto loss = [&] { return network.Forward(batch, std::nullopt).square().mean(); };
  loss().backward();
  int compared = 0;
  for (const auto& parameter : network.named_parameters()) {
    torch::Tensor values = parameter.value();
    if (!values.grad().defined()) continue;
    const std::int64_t at = values.grad().abs().argmax().item<std::int64_t>();
    const double gradient = values.grad().flatten()[at].item<double>();
    const torch::NoGradGuard no_gradient;
    float* value = values.data_ptr<float>() + at;
    const float before = *value;
    constexpr float kStep = 2e-3F;
    *value = before + kStep;
    const double above = loss().item<double>();
    *value = before - kStep;
    const double below = loss().item<double>();
    *value = before;
    const double numeric = (above - below) / (2.0 * static_cast<double>(kStep));
    INFO(parameter.key() << " gradient " << gradient << " numeric " << numeric);
    CHECK(std::abs(gradient - numeric) < 2e-4 + 0.02 * std::abs(numeric));
    ++compared;
  }
  CHECK(compared > 30);
}

TEST_CASE("Edges that are left out no longer count in the mean") {
  const auto inputs = RandomInputs(3);
  const EncodedNeighbourhood joined = Joined(inputs);
  CHECK(MakeBatch(joined, Schema(), {1.0, CounterRandom(1, 1)}).relations.empty());
  const Batch some = MakeBatch(joined, Schema(), {0.5, CounterRandom(1, 1)});
  std::int64_t kept = 0;
  std::int64_t all = 0;
  for (const auto& relation : some.relations) kept += relation.edges.children.size(0);
  for (const auto& rows : joined.relations) all += static_cast<std::int64_t>(rows.parents.size());
  CHECK(kept > all / 4);
  CHECK(kept < 3 * all / 4);
}

TEST_CASE("Dropout keeps the mean and depends on its random numbers alone") {
  const auto inputs = RandomInputs(4);
  const EncodedNeighbourhood joined = Joined(inputs);
  const Batch batch = MakeBatch(joined, Schema());
  const RecoveryNetwork network(Schema(), {8, 6}, RelationsIn(inputs), 1);
  const torch::NoGradGuard no_gradient;
  const NodeDropout first{0.3, CounterRandom(1, 1)};
  const NodeDropout second{0.3, CounterRandom(1, 2)};
  CHECK(network.Forward(batch, first).equal(network.Forward(batch, first)));
  CHECK_FALSE(network.Forward(batch, first).equal(network.Forward(batch, second)));
  CHECK(network.Forward(batch, NodeDropout{0.0, CounterRandom(1, 1)})
            .equal(network.Forward(batch, std::nullopt)));
}

}  // namespace
}  // namespace recoup::model
