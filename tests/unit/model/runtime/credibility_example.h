// Credibility networks and loans for tests: one worked by hand, and random ones.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model/predictor/credibility.h"

namespace recoup::model::testing {

struct CredibilityExample {
  CredibilityVariant variant = CredibilityVariant::kAdditive;
  LoanRows rows;
  CredibilityInputs inputs;
  TensorMap weights;
};

// softplus(0) = ln 2: a year, a step of 1 and another word each halve a weight.
//
// Peer 1: a year ago, same number, same word:  w = 1/2,               e =  0.4
// Peer 2: today, 2 away, another word:         w = 1/4 * 1/2 = 1/8,   e = -0.2
// kappa = softplus(ln(e - 1)) = 1:  pooled = (0.2 - 0.025) / (0.625 + 1) = 0.175 / 1.625
// coefficient 2:                    delta = 0.35 / 1.625 = 0.2153846
// of which peer 1 adds 0.4 / 1.625 = 0.2461538, and peer 2 takes 0.05 / 1.625 = 0.0307692.
inline constexpr double kAdditiveDelta = 0.35 / 1.625;

inline CredibilityExample HandWorkedAdditive() {
  CredibilityExample example;
  example.rows = {1, {2}, {0.0F, 0.0F, 2.0F}, {1, 1, 0}};
  example.inputs.loans = {0};
  example.inputs.slots = {1, 3, {1, -1, 2}, {1.0F, 0.0F, 0.0F}, {0.4F, 0.0F, -0.2F}};
  example.weights = {{"credibility.decay", {{1, 1}, {0.0F}}},
                     {"credibility.kappa", {{1, 1}, {std::log(std::exp(1.0F) - 1.0F)}}},
                     {"credibility.coefficient", {{1, 1}, {2.0F}}},
                     {"credibility.distance", {{1, 1}, {0.0F}}},
                     {"credibility.mismatch", {{1, 1}, {0.0F}}}};
  return example;
}

// Inputs of the hidden layer: x = 0; word 1 as (0, 1, 0, 0); pooled; log1p(0.625); context 0.5.
//   sums     = (4 * 0.5, log1p(0.625) - log1p(0.625), 1 * word[1]) = (2, 0, 1): mean 1, variance
//   2/3 normed   = (1, -1, 0) / sqrt(2/3 + 1e-5) = (1.2247357, -1.2247357, 0) z        = relu(2
//   normed + (0, 0, 0.5)) = (2.4494714, 0, 0.5) z       += relu((0, z_0 - 2, 0)) = (0, 0.4494714,
//   0) mlp      = 0.1 * 2.4494714 + 0.2 * 0.4494714 + 0.4 * 0.5 + 0.05 = 0.5848414
inline constexpr double kDeepDelta = kAdditiveDelta + 0.5848414;

inline CredibilityExample HandWorkedDeep() {
  CredibilityExample example = HandWorkedAdditive();
  example.variant = CredibilityVariant::kDeep;
  example.inputs.context_width = 1;
  example.inputs.context = {0.5F};
  TensorMap& weights = example.weights;
  weights["credibility.category.0"] = {{2, 4}, {9, 9, 9, 9, 0, 1, 0, 0}};
  weights["credibility.hidden.weight"] = {{3, 8}, {0, 0, 0, 0, 0, 0, 0, 4,  //
                                                   0, 0, 0, 0, 0, 0, 1, 0,  //
                                                   0, 0, 1, 0, 0, 0, 0, 0}};
  weights["credibility.hidden.bias"] = {{3}, {0.0F, -std::log1p(0.625F), 0.0F}};
  weights["credibility.norm.scale"] = {{3}, {2, 2, 2}};
  weights["credibility.norm.shift"] = {{3}, {0, 0, 0.5F}};
  weights["credibility.block.weight"] = {{3, 3}, {0, 0, 0, 1, 0, 0, 0, 0, 0}};
  weights["credibility.block.bias"] = {{3}, {0, -2, 0}};
  weights["credibility.output.weight"] = {{1, 3}, {0.1F, 0.2F, 0.4F}};
  weights["credibility.output.bias"] = {{1}, {0.05F}};
  return example;
}

// A third of the slots is empty, and the first loan has no peers at all.
inline CredibilityExample RandomCredibility(CredibilityVariant variant, std::uint64_t seed,
                                            std::size_t loans = 40) {
  CredibilityExample example;
  example.variant = variant;
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  const auto below = [&](std::size_t n) { return static_cast<std::int32_t>(random() % n); };
  const std::vector<std::int32_t> sizes = {3, 5};
  example.rows = {6, sizes, {}, {}};
  const std::size_t rows = loans + 60;
  for (std::size_t i = 0; i < rows; ++i) {
    for (int d = 0; d < 6; ++d) example.rows.numeric.push_back(normal(random));
    for (const std::int32_t size : sizes) {
      example.rows.categories.push_back(below(static_cast<std::size_t>(size)));
    }
  }
  CredibilityInputs& inputs = example.inputs;
  inputs.slots = {3, 7, {}, {}, {}};
  inputs.context_width = 2;
  for (std::size_t i = 0; i < loans; ++i) {
    inputs.loans.push_back(static_cast<std::uint32_t>(i));
    for (std::size_t slot = 0; slot < 21; ++slot) {
      const bool empty = i == 0 || below(3) == 0;
      inputs.slots.peers.push_back(empty ? -1 : below(rows));
      inputs.slots.years.push_back(static_cast<float>(below(40)) / 8.0F);
      inputs.slots.residuals.push_back(0.3F * normal(random));
    }
    inputs.context.insert(inputs.context.end(), {normal(random), normal(random)});
  }
  const CredibilitySizes network{.relations = 3,
                                 .heads = 4,
                                 .numeric_width = 6,
                                 .category_sizes = sizes,
                                 .context_width = 2,
                                 .hidden_width = 16};
  for (const auto& [name, shape] : CredibilityShapes(variant, network)) {
    std::size_t count = 1;
    for (const std::int64_t size : shape) count *= static_cast<std::size_t>(size);
    std::vector<float> values(count);
    for (float& value : values) value = 0.5F * normal(random);
    example.weights[name] = {shape, std::move(values)};
  }
  return example;
}

}  // namespace recoup::model::testing
