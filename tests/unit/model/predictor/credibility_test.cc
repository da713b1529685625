#include "model/predictor/credibility.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/unit/model/runtime/credibility_example.h"

namespace recoup::model {
namespace {

using testing::CredibilityExample;

Result<void> Check(const CredibilityExample& example) {
  return CheckCredibility(example.weights, example.variant, example.rows,
                          example.inputs.slots.relations, example.inputs.context_width);
}

TEST_CASE("Whole credibility networks of both variants are accepted") {
  CHECK(Check(testing::HandWorkedAdditive()).has_value());
  CHECK(Check(testing::HandWorkedDeep()).has_value());
  CHECK(Check(testing::RandomCredibility(CredibilityVariant::kDeep, 1)).has_value());
}

TEST_CASE("The hidden layer sees numbers, categories, pooled residuals, evidence and context") {
  const CredibilitySizes sizes{.relations = 3,
                               .heads = 4,
                               .numeric_width = 6,
                               .category_sizes = {3, 5},
                               .context_width = 2,
                               .hidden_width = 16};
  CHECK(sizes.input_width() == 6 + 2 * 4 + 3 * 4 + 3 * 4 + 2);
  const auto shapes = CredibilityShapes(CredibilityVariant::kDeep, sizes);
  CHECK(shapes.at("credibility.hidden.weight") == std::vector<std::int64_t>{16, 40});
  CHECK(CredibilityShapes(CredibilityVariant::kAdditive, sizes).size() == 5);
}

TEST_CASE("Each missing, misshapen, damaged or unknown credibility tensor is named") {
  const CredibilityExample whole = testing::HandWorkedDeep();
  for (const auto& [name, tensor] : whole.weights) {
    const auto refused = [&, name = name](const auto& damage) {
      CredibilityExample example = whole;
      damage(example.weights);
      const auto checked = Check(example);
      REQUIRE_FALSE(checked.has_value());
      CHECK(checked.error().code == ErrorCode::kDataLoss);
      CHECK(checked.error().message.find("credibility.") != std::string::npos);
    };
    refused([&](TensorMap& weights) { weights.erase(name); });
    refused([&](TensorMap& weights) { weights.at(name).shape.push_back(1); });
    refused([&](TensorMap& weights) { weights.at(name).values.push_back(0.0F); });
    refused([&](TensorMap& weights) { weights.at(name).values[0] = NAN; });
    refused([&](TensorMap& weights) { weights["credibility.more"] = {{1}, {0.0F}}; });
  }
}

TEST_CASE("A network for other loans, relations or context is refused") {
  CredibilityExample example = testing::HandWorkedDeep();
  example.rows.numeric_width = 3;
  CHECK_FALSE(Check(example).has_value());
  example = testing::HandWorkedDeep();
  example.rows.category_sizes = {3};
  CHECK_FALSE(Check(example).has_value());
  example = testing::HandWorkedDeep();
  example.inputs.slots.relations = 2;
  CHECK_FALSE(Check(example).has_value());
  example = testing::HandWorkedDeep();
  example.inputs.context_width = 0;
  CHECK_FALSE(Check(example).has_value());
  example = testing::HandWorkedDeep();
  example.variant = CredibilityVariant::kAdditive;  // then the deep tensors are unknown
  CHECK_FALSE(Check(example).has_value());
}

}  // namespace
}  // namespace recoup::model
