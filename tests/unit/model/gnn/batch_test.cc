#include "model/gnn/batch.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::model {
namespace {

using graph::Direction;
using graph::EdgeKind;
using graph::NodeKind;

const FeatureSchema& Schema() {
  static const FeatureSchema schema(
      {{NodeKind::kLoan, {}, {{"colour", {"blue"}}, {"size", {"big"}}}}}, 0.5);
  return schema;
}

// Two loans; the first has two borrowers, the second one.
EncodedNeighbourhood TwoLoans() {
  EncodedNeighbourhood input;
  input.seeds = 2;
  input.Of(NodeKind::kLoan) = {2, 2, {1, 2, 3, 4, 5, 6}, {0, 1, 2, 0}};
  input.Of(NodeKind::kParty) = {3, 3, std::vector<float>(12), {}};
  input.relations = {{{EdgeKind::kBorrows, Direction::kIn},
                      NodeKind::kLoan,
                      NodeKind::kParty,
                      1,
                      {0, 0, 1},
                      {0, 1, 2},
                      {1.0F, 0.5F, 1.0F}}};
  return input;
}

torch::Tensor Ints(std::vector<std::int32_t> values) {
  return torch::tensor(values, torch::kInt32);
}

TEST_CASE("Rows become matrices, and categories one column each") {
  const EncodedNeighbourhood input = TwoLoans();
  const Batch batch = MakeBatch(input, Schema());
  CHECK(batch.seeds == 2);
  const Batch::Kind& loans = batch.Of(NodeKind::kLoan);
  CHECK(loans.rows == 2);
  CHECK(loans.inner_rows == 2);
  CHECK(loans.numeric.equal(torch::tensor({{1.0F, 2.0F, 3.0F}, {4.0F, 5.0F, 6.0F}})));
  REQUIRE(loans.categories.size() == 2);
  CHECK(loans.categories[0].equal(Ints({0, 2})));
  CHECK(loans.categories[1].equal(Ints({1, 0})));
}

TEST_CASE("Numbers are looked at where they lie, not copied") {
  const EncodedNeighbourhood input = TwoLoans();
  const Batch batch = MakeBatch(input, Schema());
  CHECK(batch.Of(NodeKind::kLoan).numeric.data_ptr<float>() ==
        input.Of(NodeKind::kLoan).numeric.data());
}

TEST_CASE("Edges are grouped by parent and scaled to a mean") {
  const EncodedNeighbourhood input = TwoLoans();
  const Batch batch = MakeBatch(input, Schema());
  REQUIRE(batch.relations.size() == 1);
  const Batch::Relation& borrows = batch.relations[0];
  CHECK(borrows.hop == 1);
  CHECK(borrows.key.child == NodeKind::kParty);
  CHECK(borrows.edges.parents.equal(Ints({0, 1})));
  CHECK(borrows.edges.offsets.equal(Ints({0, 2, 3})));
  CHECK(borrows.edges.children.equal(Ints({0, 1, 2})));
  CHECK(borrows.edges.scales.equal(torch::tensor({0.5F, 0.25F, 1.0F})));
}

TEST_CASE("A kind without rows and a relation without edges leave nothing") {
  EncodedNeighbourhood input = TwoLoans();
  input.relations[0].parents.clear();
  input.relations[0].children.clear();
  input.relations[0].weights.clear();
  const Batch batch = MakeBatch(input, Schema());
  CHECK(batch.relations.empty());
  CHECK(batch.Of(NodeKind::kCourt).rows == 0);
}

TEST_CASE("A parent's mean is over the edges that are kept, and a parent without any is left out") {
  const EncodedNeighbourhood input = TwoLoans();
  bool halved = false;
  bool gone = false;
  for (std::uint64_t stream = 0; stream < 50; ++stream) {
    const Batch batch = MakeBatch(input, Schema(), {0.5, CounterRandom(1, stream)});
    if (batch.relations.empty()) continue;
    const MessageEdges& edges = batch.relations[0].edges;
    const auto kept = edges.children.size(0);
    CHECK(edges.offsets.size(0) == edges.parents.size(0) + 1);
    CHECK(edges.offsets[-1].item<std::int64_t>() == kept);
    gone = gone || edges.parents.size(0) == 1;
    const bool only_second = edges.children[0].item<std::int32_t>() == 1;
    if (!only_second) continue;
    halved = true;
    CHECK(edges.scales[0].item<float>() == 0.5F);  // its weight over 1, not over 2
  }
  CHECK(halved);
  CHECK(gone);
}

}  // namespace
}  // namespace recoup::model
