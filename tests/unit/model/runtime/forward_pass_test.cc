#include "model/runtime/forward_pass.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

using graph::Direction;
using graph::EdgeKind;
using graph::NodeKind;

constexpr RelationKey kBorrower{
    {EdgeKind::kBorrows, Direction::kIn}, NodeKind::kLoan, NodeKind::kParty};
constexpr RelationKey kOtherLoan{
    {EdgeKind::kBorrows, Direction::kOut}, NodeKind::kParty, NodeKind::kLoan};

// A network two wide and a head one wide, all zeros but what the working below names.
class HandNetwork {
 public:
  HandNetwork() {
    for (const auto& [name, shape] : RequiredShapes(schema, {2, 1})) {
      std::size_t count = 1;
      for (const auto size : shape) count *= static_cast<std::size_t>(size);
      weights[name] = {shape, std::vector<float>(count)};
    }
    // Loans have 3 outcome columns and one category of 3 words; parties 4 outcome columns.
    weights["input.loan.weight"].values = {1, 0, 0, 0, 1, 0};
    weights["input.loan.bias"].values = {0.5F, -1};
    weights["input.loan.category.0"].values = {0, 0, 0, 0, 0.25F, 3};
    weights["input.party.weight"].values = {2, 0, 0, 0, 0, 0, 0, 1};
    weights["layer1.self.loan.weight"].values = {1, 0, 0, 1};
    weights["layer1.self.party.weight"].values = {1, 1, 0, 1};
    weights["layer1.self.party.bias"].values = {0, -10};
    weights["layer1.in.borrows.loan.party.weight"] = {{2, 2}, {0, 1, 1, 0}};
    weights["layer1.out.borrows.party.loan.weight"] = {{2, 2}, {1, 0, 0, 2}};
    weights["layer2.self.loan.weight"].values = {1, 0, 0, -1};
    weights["layer2.self.loan.bias"].values = {0, 1};
    weights["layer2.in.borrows.loan.party.weight"] = {{2, 2}, {1, 0, 1, 0}};
    weights["head.hidden.weight"].values = {1, 1, 1, 1};
    weights["head.hidden.bias"].values = {-2};
    weights["head.output.weight"].values[3] = 2;
    weights["head.output.bias"].values[3] = 0.5F;
    weights["head.output.bias"].values[26] = -1;
  }

  FeatureSchema schema{{{NodeKind::kLoan, {}, {{"word", {"yes"}}}}}, 0.5};
  TensorMap weights;
};

// The loan with one borrower, who has two other loans.
EncodedNeighbourhood HandInput() {
  EncodedNeighbourhood input;
  input.Of(NodeKind::kLoan) = {3, 1, {1, 2, 0, 0, 1, 0, 3, 5, 0}, {2, 0, 0}};
  input.Of(NodeKind::kParty) = {1, 1, {1, 0, 0, 3}, {}};
  input.relations = {
      {kBorrower.relation, NodeKind::kLoan, NodeKind::kParty, 1, {0}, {0}, {1}},
      {kOtherLoan.relation, NodeKind::kParty, NodeKind::kLoan, 2, {0, 0}, {1, 2}, {1, 0.5F}}};
  return input;
}

// h0 loan 0: relu([1 + 0.5 + 0.25, 2 - 1 + 3])       = [1.75, 4]
// h0 loan 1: relu([0 + 0.5, 1 - 1])                  = [0.5, 0]
// h0 loan 2: relu([3 + 0.5, 5 - 1])                  = [3.5, 4]
// h0 party : relu([2, 3])                            = [2, 3]
// h1 loan 0: self [1.75, 4] + swapped party [3, 2]   = [4.75, 6]
// h1 party : self [2 + 3, 3 - 10] = [5, -7]; mean of its loans is ([0.5, 0] + 0.5 [3.5, 4]) / 2
//            = [1.125, 1], through diag(1, 2) it is [1.125, 2]: relu([6.125, -5]) = [6.125, 0]
// h2       : self [4.75, -6 + 1] + [6.125, 6.125]    = [10.875, 1.125]
// z        : 1.75 + 4 + 10.875 + 1.125 - 2           = 15.75
// logits   : cell 3 is 2 * 15.75 + 0.5 = 32, cell 26 is -1, the others 0
TEST_CASE("The forward pass agrees with the working by hand") {
  const HandNetwork hand;
  const auto network = PackedNetwork::Pack(hand.weights, hand.schema);
  REQUIRE(network.has_value());
  ForwardPass pass(*network);
  const auto logits = pass.Run(HandInput());
  for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
    const float expected = cell == 3 ? 32.0F : cell == 26 ? -1.0F : 0.0F;
    CHECK(logits[cell] == expected);  // every number above is exact in binary
  }
}

// z is 1.75 + 4 + relu(h1 through layer 2) - 2: h1 = [1.75, 4], h2 = relu([1.75, -3]) = [1.75, 0],
// so z = 5.5 and cell 3 is 11.5.
TEST_CASE("A loan without neighbours gets no messages") {
  const HandNetwork hand;
  const auto network = PackedNetwork::Pack(hand.weights, hand.schema);
  REQUIRE(network.has_value());
  EncodedNeighbourhood input = HandInput();
  input.relations.clear();
  CHECK(ForwardPass(*network).Run(input)[3] == 11.5F);
}

// Context [3, 4] through the head's last two columns [2, 0.25] adds 7 to z = 15.75, so cell 3 is
// 2 * 22.75 + 0.5.
TEST_CASE("The context enters the head beside the loan") {
  HandNetwork hand;
  hand.weights["head.hidden.weight"] = {{1, 6}, {1, 1, 1, 1, 2, 0.25F}};
  const auto network = PackedNetwork::Pack(hand.weights, hand.schema);
  REQUIRE(network.has_value());
  CHECK(network->context_width() == 2);
  EncodedNeighbourhood input = HandInput();
  input.context = {3, 4};
  CHECK(ForwardPass(*network).Run(input)[3] == 46.0F);
}

TEST_CASE("A relation that training never saw passes no messages") {
  HandNetwork hand;
  hand.weights.erase("layer1.out.borrows.party.loan.weight");
  const auto network = PackedNetwork::Pack(hand.weights, hand.schema);
  REQUIRE(network.has_value());
  // h1 party is then [5, 0], h2 [9.75, 0], z = 1.75 + 4 + 9.75 - 2 = 13.5.
  CHECK(ForwardPass(*network).Run(HandInput())[3] == 27.5F);
}

TEST_CASE("Memory of an earlier, larger loan does not leak into the next") {
  const auto artifact = testing::RandomArtifact({8, 16}, 3);
  const auto network = PackedNetwork::Pack(artifact.weights, artifact.schema);
  REQUIRE(network.has_value());
  const auto large = testing::RandomNeighbourhood(artifact.schema, 1, 8, 8);
  const auto small = testing::RandomNeighbourhood(artifact.schema, 2, 1, 1);
  ForwardPass used(*network);
  used.Run(large);
  const auto after = used.Run(small);
  ForwardPass fresh(*network);
  const auto alone = fresh.Run(small);
  CHECK(std::equal(after.begin(), after.end(), alone.begin()));
}

}  // namespace
}  // namespace recoup::model
