#include "model/runtime/credibility_pass.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <thread>
#include <vector>

#include "tests/unit/model/runtime/credibility_example.h"

namespace recoup::model {
namespace {

using testing::CredibilityExample;

CredibilityPass PassOf(const CredibilityExample& example) {
  return CredibilityPass::Make(example.weights, example.variant, example.rows,
                               example.inputs.slots.relations, example.inputs.context_width)
      .value();
}

CredibilityQuestion Question(const CredibilityExample& example, std::size_t position) {
  const std::size_t width = example.inputs.context_width;
  return QuestionOf(example.rows, example.inputs.loans[position], example.inputs.slots, position,
                    std::span(example.inputs.context).subspan(position * width, width));
}

std::vector<double> Deltas(const CredibilityExample& example) {
  const CredibilityPass pass = PassOf(example);
  CredibilityPass::Scratch scratch;
  std::vector<double> deltas;
  for (std::size_t i = 0; i < example.inputs.loans.size(); ++i) {
    deltas.push_back(pass.Forecast(Question(example, i), scratch));
  }
  return deltas;
}

TEST_CASE("Two peers add what was worked by hand, each its share") {
  const CredibilityExample example = testing::HandWorkedAdditive();
  CredibilityPass::Scratch scratch;
  const double delta = PassOf(example).Forecast(Question(example, 0), scratch);
  CHECK(std::abs(delta - testing::kAdditiveDelta) < 1e-6);
  REQUIRE(scratch.contributions.size() == 3);
  CHECK(std::abs(scratch.contributions[0] - 0.4 / 1.625) < 1e-6);
  CHECK(scratch.contributions[1] == 0.0);
  CHECK(std::abs(scratch.contributions[2] + 0.05 / 1.625) < 1e-6);
}

TEST_CASE("The deep variant adds what was worked by hand, and its split is the additive part") {
  const CredibilityExample example = testing::HandWorkedDeep();
  CredibilityPass::Scratch scratch;
  const double delta = PassOf(example).Forecast(Question(example, 0), scratch);
  CHECK(std::abs(delta - testing::kDeepDelta) < 1e-6);
  CHECK(std::abs(scratch.contributions[0] + scratch.contributions[2] - testing::kAdditiveDelta) <
        1e-6);
}

TEST_CASE("Contributions of the additive variant sum to the correction, bit for bit") {
  const auto example = testing::RandomCredibility(CredibilityVariant::kAdditive, 4);
  const CredibilityPass pass = PassOf(example);
  CredibilityPass::Scratch scratch;
  for (std::size_t i = 0; i < example.inputs.loans.size(); ++i) {
    const double delta = pass.Forecast(Question(example, i), scratch);
    double sum = 0.0;
    for (const double contribution : scratch.contributions) sum += contribution;
    CHECK(sum == delta);
    CHECK((i == 0) == (delta == 0.0));  // the first loan has no peers
  }
}

TEST_CASE("A loan's correction does not depend on what was asked before, or on the thread") {
  const auto example = testing::RandomCredibility(CredibilityVariant::kDeep, 6);
  const auto expected = Deltas(example);
  const CredibilityPass pass = PassOf(example);
  const auto backwards = [&](std::vector<double>* deltas) {
    CredibilityPass::Scratch scratch;
    deltas->resize(expected.size());
    for (std::size_t i = expected.size(); i-- > 0;) {
      (*deltas)[i] = pass.Forecast(Question(example, i), scratch);
    }
  };
  std::vector<double> first;
  std::vector<double> second;
  std::thread other(backwards, &first);
  backwards(&second);
  other.join();
  CHECK(first == expected);
  CHECK(second == expected);
}

TEST_CASE("What stands in an empty slot counts for nothing") {
  auto example = testing::RandomCredibility(CredibilityVariant::kDeep, 6);
  const auto expected = Deltas(example);
  PeerSlots& slots = example.inputs.slots;
  for (std::size_t slot = 0; slot < slots.peers.size(); ++slot) {
    if (slots.peers[slot] < 0) slots.residuals[slot] = slots.years[slot] = NAN;
  }
  CHECK(Deltas(example) == expected);
}

TEST_CASE("A credibility network that is not whole gives no pass") {
  CredibilityExample example = testing::HandWorkedDeep();
  example.weights.erase("credibility.block.bias");
  const auto made = CredibilityPass::Make(example.weights, example.variant, example.rows, 1, 1);
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().code == ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace recoup::model
