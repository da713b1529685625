#include "model/training/check_credibility_training.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

#include "tests/unit/model/runtime/credibility_example.h"

namespace recoup::model {
namespace {

using testing::CredibilityExample;

bool Accepted(const CredibilityExample& example, const std::vector<double>& targets) {
  const auto checked = CheckCredibilityTraining({&example.rows, &example.inputs, targets});
  if (!checked) CHECK(checked.error().code == ErrorCode::kInvalidArgument);
  return checked.has_value();
}

// Returns whether training is still accepted after `damage`.
template <typename Damage>
bool AcceptedAfter(const Damage& damage) {
  CredibilityExample example = testing::HandWorkedDeep();
  damage(example);
  return Accepted(example, {0.1});
}

TEST_CASE("Training that fits is accepted, and targets must fit the loans") {
  const CredibilityExample example = testing::HandWorkedDeep();
  CHECK(Accepted(example, {0.1}));
  CHECK_FALSE(Accepted(example, {}));
  CHECK_FALSE(Accepted(example, {0.1, 0.2}));
  CHECK_FALSE(Accepted(example, {std::nan("")}));
  CHECK_FALSE(CheckCredibilityTraining({}).has_value());
}

TEST_CASE("Rows that do not exist or are not filled are refused") {
  CHECK_FALSE(AcceptedAfter([](auto& e) { e.inputs.loans = {3}; }));
  CHECK_FALSE(AcceptedAfter([](auto& e) { e.inputs.loans = {}; }));
  CHECK_FALSE(AcceptedAfter([](auto& e) { e.rows.numeric_width = 0; }));
  CHECK_FALSE(AcceptedAfter([](auto& e) { e.rows.categories.pop_back(); }));
  CHECK_FALSE(AcceptedAfter([](auto& e) { e.rows.categories[2] = 2; }));
  CHECK_FALSE(AcceptedAfter([](auto& e) { e.rows.categories[2] = -1; }));
  CHECK_FALSE(AcceptedAfter([](auto& e) { e.rows.numeric[1] = NAN; }));
}

TEST_CASE("Peers must exist, lie in the past and have a residual") {
  CHECK_FALSE(AcceptedAfter([](auto& e) { e.inputs.slots.peers[0] = 3; }));
  CHECK_FALSE(AcceptedAfter([](auto& e) { e.inputs.slots.peers.pop_back(); }));
  CHECK_FALSE(AcceptedAfter([](auto& e) { e.inputs.slots.years[0] = -0.1F; }));
  CHECK_FALSE(AcceptedAfter([](auto& e) { e.inputs.slots.years[0] = NAN; }));
  CHECK_FALSE(AcceptedAfter([](auto& e) { e.inputs.slots.residuals[0] = INFINITY; }));
  CHECK_FALSE(AcceptedAfter([](auto& e) { e.inputs.slots.relations = 0; }));
  CHECK(AcceptedAfter([](auto& e) { e.inputs.slots.residuals[1] = NAN; }));  // an empty slot
}

TEST_CASE("Context must fit the loans and be finite") {
  CHECK_FALSE(AcceptedAfter([](auto& e) { e.inputs.context = {}; }));
  CHECK_FALSE(AcceptedAfter([](auto& e) { e.inputs.context_width = 0; }));
  CHECK_FALSE(AcceptedAfter([](auto& e) { e.inputs.context[0] = NAN; }));
}

TEST_CASE("Credibility options outside their ranges are refused") {
  CHECK(CheckCredibilityOptions({}).has_value());
  CHECK_FALSE(CheckCredibilityOptions({.heads = 0}).has_value());
  CHECK_FALSE(CheckCredibilityOptions({.epochs = 0}).has_value());
  CHECK_FALSE(CheckCredibilityOptions({.learning_rate = NAN}).has_value());
  CHECK_FALSE(CheckCredibilityOptions({.dropout = 1.0}).has_value());
  CHECK_FALSE(CheckCredibilityOptions({.peer_dropout = 1.0}).has_value());
  CHECK_FALSE(CheckCredibilityOptions({.initial_kappa = 0.0}).has_value());
}

}  // namespace
}  // namespace recoup::model
