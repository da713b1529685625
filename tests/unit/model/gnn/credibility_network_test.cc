#include "model/gnn/credibility_network.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numeric>
#include <vector>

#include "model/runtime/credibility_pass.h"
#include "tests/unit/model/runtime/credibility_example.h"

namespace recoup::model {
namespace {

using testing::CredibilityExample;

CredibilityBatch BatchOf(const CredibilityExample& example, const PeerDropout& dropout = {}) {
  std::vector<std::uint32_t> picks(example.inputs.loans.size());
  std::iota(picks.begin(), picks.end(), 0U);
  return MakeCredibilityBatch(example.rows, example.inputs, picks, dropout);
}

double DeltaOf(const CredibilityExample& example) {
  const torch::NoGradGuard no_gradient;
  const CredibilityNetwork network(example.variant, example.weights);
  return network.Forward(BatchOf(example), std::nullopt)[0].item<double>();
}

TEST_CASE("A loan with two peers gets the correction worked by hand") {
  CHECK(std::abs(DeltaOf(testing::HandWorkedAdditive()) - testing::kAdditiveDelta) < 1e-6);
  CHECK(std::abs(DeltaOf(testing::HandWorkedDeep()) - testing::kDeepDelta) < 1e-5);
}

TEST_CASE("A loan without peers is not corrected by the additive variant") {
  CredibilityExample example = testing::HandWorkedAdditive();
  example.inputs.slots.peers = {-1, -1, -1};
  CHECK(DeltaOf(example) == 0.0);
}

TEST_CASE("A batch of loans gives what each loan gives alone") {
  const auto example = testing::RandomCredibility(CredibilityVariant::kDeep, 5);
  const torch::NoGradGuard no_gradient;
  const CredibilityNetwork network(example.variant, example.weights);
  const torch::Tensor together = network.Forward(BatchOf(example), std::nullopt);
  for (std::uint32_t i = 0; i < example.inputs.loans.size(); ++i) {
    const auto alone =
        network.Forward(MakeCredibilityBatch(example.rows, example.inputs, {&i, 1}), std::nullopt);
    CHECK(std::abs((together[i] - alone[0]).item<double>()) < 1e-5);
  }
}

TEST_CASE("The portable pass agrees with LibTorch, with empty slots and without any peers") {
  for (const auto variant : {CredibilityVariant::kAdditive, CredibilityVariant::kDeep}) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      const CredibilityExample example = testing::RandomCredibility(variant, seed);
      const auto pass = CredibilityPass::Make(example.weights, variant, example.rows, 3, 2).value();
      CredibilityPass::Scratch scratch;
      const torch::NoGradGuard no_gradient;
      const CredibilityNetwork network(variant, example.weights);
      const torch::Tensor expected = network.Forward(BatchOf(example), std::nullopt);
      for (std::size_t i = 0; i < example.inputs.loans.size(); ++i) {
        const auto context = std::span(example.inputs.context).subspan(2 * i, 2);
        const double delta = pass.Forecast(
            QuestionOf(example.rows, example.inputs.loans[i], example.inputs.slots, i, context),
            scratch);
        const auto at = static_cast<std::int64_t>(i);
        CHECK(std::abs(delta - expected[at].item<double>()) < 1e-5);
      }
    }
  }
}

TEST_CASE("A new network depends on its seed alone, and the deep variant starts as the additive") {
  const auto example = testing::RandomCredibility(CredibilityVariant::kDeep, 5);
  const CredibilitySizes sizes{.relations = 3,
                               .heads = 4,
                               .numeric_width = 6,
                               .category_sizes = {3, 5},
                               .context_width = 2,
                               .hidden_width = 16};
  CredibilityOptions options;
  const CredibilityNetwork deep(options, sizes);
  CHECK(CheckCredibility(deep.Weights(), options.variant, example.rows, 3, 2).has_value());
  // In brackets, so that Catch2 does not print the maps: LibTorch's headers break that.
  CHECK((deep.Weights() == CredibilityNetwork(options, sizes).Weights()));
  CredibilityOptions other = options;
  other.seed = 2;
  CHECK((deep.Weights() != CredibilityNetwork(other, sizes).Weights()));
  options.variant = CredibilityVariant::kAdditive;
  const CredibilityNetwork additive(options, sizes);
  const torch::NoGradGuard no_gradient;
  const CredibilityBatch batch = BatchOf(example);
  CHECK(deep.Forward(batch, std::nullopt).equal(additive.Forward(batch, std::nullopt)));
  CHECK(deep.PoolingParameters().size() + deep.DeepParameters().size() == deep.parameters().size());
}

// Central differences for the largest derivative of every tensor.
TEST_CASE("Gradients of the credibility network agree with central differences") {
  const auto example = testing::RandomCredibility(CredibilityVariant::kDeep, 9);
  const CredibilityBatch batch = BatchOf(example);
  CredibilityNetwork network(example.variant, example.weights);
  const auto loss = [&] { return network.Forward(batch, std::nullopt).square().mean(); };
  loss().backward();
  for (const auto& parameter : network.named_parameters()) {
    const torch::Tensor& values = parameter.value();
    REQUIRE(values.grad().defined());
    const auto at = values.grad().abs().argmax().item<std::int64_t>();
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
    CHECK(std::abs(gradient - numeric) < 1e-3 + 0.03 * std::abs(numeric));
  }
}

}  // namespace
}  // namespace recoup::model
