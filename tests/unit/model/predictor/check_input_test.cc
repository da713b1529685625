#include "model/predictor/check_input.h"

#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <limits>
#include <string>

#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

using graph::NodeKind;
using Damage = std::function<void(EncodedNeighbourhood&)>;

const FeatureSchema& Schema() {
  static const FeatureSchema schema = testing::RandomSchema();
  return schema;
}

void RequireRefused(const Damage& damage, const std::string& part_of_message) {
  EncodedNeighbourhood input = testing::RandomNeighbourhood(Schema(), 4, 6, 6);
  damage(input);
  const auto checked = CheckInput(input, Schema());
  REQUIRE_FALSE(checked.has_value());
  INFO(checked.error().message);
  CHECK(checked.error().code == ErrorCode::kInvalidArgument);
  CHECK(checked.error().message.find(part_of_message) != std::string::npos);
}

TEST_CASE("Inputs that fit are accepted, alone and joined") {
  const auto a = testing::RandomNeighbourhood(Schema(), 1);
  const auto b = testing::RandomNeighbourhood(Schema(), 2);
  CHECK(CheckInput(a, Schema()).has_value());
  const EncodedNeighbourhood* parts[] = {&a, &b};
  CHECK(CheckInput(Collate(parts), Schema()).has_value());
}

TEST_CASE("The context has the network's width and is finite, alone and joined") {
  auto a = testing::RandomNeighbourhood(Schema(), 1);
  auto b = testing::RandomNeighbourhood(Schema(), 2);
  CHECK_FALSE(CheckInput(a, Schema(), 2).has_value());
  a.context = {0.5F, 1.0F};
  b.context = {1.5F, 2.0F};
  CHECK(CheckInput(a, Schema(), 2).has_value());
  CHECK_FALSE(CheckInput(a, Schema()).has_value());
  CHECK_FALSE(CheckInput(a, Schema(), 3).has_value());
  const EncodedNeighbourhood* parts[] = {&a, &b};
  CHECK(CheckInput(Collate(parts), Schema(), 2).has_value());
  RequireRefused([](auto& input) { input.context = {0.5F}; }, "context");
  a.context[1] = std::numeric_limits<float>::infinity();
  CHECK_FALSE(CheckInput(a, Schema(), 2).has_value());
}

TEST_CASE("Rows that do not fit the schema are refused") {
  RequireRefused([](auto& input) { input.Of(NodeKind::kLoan).numeric.pop_back(); }, "numeric");
  RequireRefused([](auto& input) { input.Of(NodeKind::kLoan).categories.pop_back(); },
                 "number of categories");
  RequireRefused([](auto& input) { input.Of(NodeKind::kLoan).categories[0] = 5; }, "vocabulary");
  RequireRefused([](auto& input) { input.Of(NodeKind::kLoan).categories[0] = -1; }, "vocabulary");
  RequireRefused([](auto& input) { input.Of(NodeKind::kLoan).inner_rows = 100000; }, "inner rows");
  RequireRefused(
      [](auto& input) {
        input.Of(NodeKind::kLoan).numeric[0] = std::numeric_limits<float>::quiet_NaN();
      },
      "not finite");
  RequireRefused([](auto& input) { input.seeds = 0; }, "loans valued");
  RequireRefused([](auto& input) { input.seeds = 2; }, "loans valued");
}

TEST_CASE("Edges that do not fit the rows are refused") {
  RequireRefused([](auto& input) { input.relations[0].parents[0] = 1; }, "row that does not exist");
  RequireRefused([](auto& input) { input.relations.back().children[0] = 9999; },
                 "row that does not exist");
  RequireRefused([](auto& input) { input.relations[0].hop = 3; }, "hop");
  RequireRefused([](auto& input) { input.relations.back().hop = 1; }, "start at a loan");
  RequireRefused([](auto& input) { input.relations[0].weights.pop_back(); }, "number of edges");
  RequireRefused([](auto& input) { input.relations[0].child_kind = NodeKind{77}; }, "node kind");
  RequireRefused(
      [](auto& input) { input.relations[0].weights[0] = std::numeric_limits<float>::infinity(); },
      "not finite");
  RequireRefused(
      [](auto& input) {
        auto& parents = input.relations.back().parents;
        std::swap(parents.front(), parents.back());
      },
      "order of edges");
}

}  // namespace
}  // namespace recoup::model
