#include "model/runtime/credibility_pass.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "model/runtime/kernels/instruction_sets.h"
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

// The heads [first, first + count) of an additive network of four.
TensorMap HeadsOf(const TensorMap& weights, std::size_t first, std::size_t count) {
  TensorMap taken = weights;
  for (auto& [name, tensor] : taken) {
    const bool heads_are_rows = name == "credibility.distance" || name == "credibility.mismatch";
    const auto columns = static_cast<std::size_t>(tensor.shape[1]);
    std::vector<float> values;
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
      const std::size_t head = heads_are_rows ? i / columns : i % columns;
      if (head >= first && head < first + count) values.push_back(tensor.values[i]);
    }
    tensor.values = std::move(values);
    tensor.shape[heads_are_rows ? 0 : 1] = static_cast<std::int64_t>(count);
  }
  return taken;
}

// Two networks' heads in one.
TensorMap Joined(const TensorMap& a, const TensorMap& b) {
  TensorMap joined = a;
  for (auto& [name, tensor] : joined) {
    const Tensor& other = b.at(name);
    const bool heads_are_rows = name == "credibility.distance" || name == "credibility.mismatch";
    const auto width_a = static_cast<std::ptrdiff_t>(tensor.shape[1]);
    const auto width_b = static_cast<std::ptrdiff_t>(other.shape[1]);
    std::vector<float> values;
    if (heads_are_rows) {
      values = tensor.values;
      values.insert(values.end(), other.values.begin(), other.values.end());
    } else {
      for (std::ptrdiff_t row = 0; row < tensor.shape[0]; ++row) {
        const auto of_a = tensor.values.begin() + row * width_a;
        const auto of_b = other.values.begin() + row * width_b;
        values.insert(values.end(), of_a, of_a + width_a);
        values.insert(values.end(), of_b, of_b + width_b);
      }
    }
    tensor.values = std::move(values);
    const std::size_t axis = heads_are_rows ? 0 : 1;
    tensor.shape[axis] += other.shape[axis];
  }
  return joined;
}

TEST_CASE("Any number of heads adds up to what they add one by one") {
  auto example = testing::RandomCredibility(CredibilityVariant::kAdditive, 7);
  const TensorMap four = example.weights;
  example.weights = testing::RandomCredibility(CredibilityVariant::kAdditive, 8).weights;
  const TensorMap ten = Joined(Joined(four, example.weights), HeadsOf(four, 1, 2));
  std::vector<double> expected = Deltas(example);
  for (const std::size_t head : {0U, 1U, 2U, 3U, 1U, 2U}) {
    example.weights = HeadsOf(four, head, 1);
    const std::vector<double> added = Deltas(example);
    for (std::size_t i = 0; i < added.size(); ++i) expected[i] += added[i];
  }
  example.weights = ten;
  const std::vector<double> deltas = Deltas(example);
  for (std::size_t i = 0; i < deltas.size(); ++i) CHECK(std::abs(deltas[i] - expected[i]) < 1e-12);
}

// Rows of `width` numbers become rows of `wider`, from column `offset` on; 0 around them.
std::vector<float> Widened(const std::vector<float>& rows, std::size_t width, std::size_t wider,
                           std::size_t offset) {
  std::vector<float> widened(rows.size() / width * wider, 0.0F);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    widened[i / width * wider + offset + i % width] = rows[i];
  }
  return widened;
}

// The four heads stand from `offset` on among seven, whose others nothing listens to.
TensorMap AmongSeven(TensorMap weights, std::size_t offset) {
  for (const char* name : {"decay", "kappa", "coefficient"}) {
    Tensor& tensor = weights.at("credibility." + std::string(name));
    tensor = {{tensor.shape[0], 7}, Widened(tensor.values, 4, 7, offset)};
  }
  for (const char* name : {"distance", "mismatch"}) {
    Tensor& tensor = weights.at("credibility." + std::string(name));
    const auto width = static_cast<std::size_t>(tensor.shape[1]);
    tensor = {{7, tensor.shape[1]}, Widened(tensor.values, 4 * width, 7 * width, offset * width)};
  }
  // Of the inputs: 6 numbers and 2 words of 4, then 3 relations of heads, twice, then the context.
  Tensor& hidden = weights.at("credibility.hidden.weight");
  std::vector<float> values;
  for (std::int64_t row = 0; row < hidden.shape[0]; ++row) {
    const auto begin = hidden.values.begin() + row * hidden.shape[1];
    const std::vector<float> heads(begin + 14, begin + 14 + 24);
    const std::vector<float> widened = Widened(heads, 4, 7, offset);
    values.insert(values.end(), begin, begin + 14);
    values.insert(values.end(), widened.begin(), widened.end());
    values.insert(values.end(), begin + 14 + 24, begin + hidden.shape[1]);
  }
  hidden = {{hidden.shape[0], 14 + 42 + 2}, values};
  return weights;
}

TEST_CASE("Where the heads stand among others changes nothing") {
  auto example = testing::RandomCredibility(CredibilityVariant::kDeep, 10);
  const auto expected = Deltas(example);
  const TensorMap four = example.weights;
  for (const std::size_t offset : {0U, 1U, 3U}) {
    example.weights = AmongSeven(four, offset);
    CHECK(Deltas(example) == expected);
  }
}

TEST_CASE("Every instruction set gives the same bytes") {
  for (const CredibilityVariant variant :
       {CredibilityVariant::kAdditive, CredibilityVariant::kDeep}) {
    const auto example = testing::RandomCredibility(variant, 9);
    const auto expected = Deltas(example);
    for (const std::string& set : InstructionSets()) {
      const UseOnlyInstructionSet only(set);
      INFO(set);
      CHECK(Deltas(example) == expected);
    }
  }
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
