#include "model/gnn/segment_sums.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::model {
namespace {

TEST_CASE("Rows are summed by segment, and an empty segment is zero") {
  const torch::Tensor rows = torch::tensor({{1.0F, 10.0F}, {2.0F, 20.0F}, {4.0F, 40.0F}});
  const torch::Tensor offsets = torch::tensor({0, 2, 2, 3}, torch::kInt32);
  const torch::Tensor expected = torch::tensor({{3.0F, 30.0F}, {0.0F, 0.0F}, {4.0F, 40.0F}});
  CHECK(SegmentSums(rows, offsets).equal(expected));
}

TEST_CASE("A row's derivative is its segment's") {
  const torch::Tensor rows = torch::ones({3, 1}, torch::requires_grad());
  const torch::Tensor offsets = torch::tensor({0, 2, 2, 3}, torch::kInt32);
  const torch::Tensor factors = torch::tensor({{5.0F}, {6.0F}, {7.0F}});
  (SegmentSums(rows, offsets) * factors).sum().backward();
  CHECK(rows.grad().equal(torch::tensor({{5.0F}, {5.0F}, {7.0F}})));
}

TEST_CASE("No rows at all give zeros") {
  const torch::Tensor offsets = torch::zeros({3}, torch::kInt32);
  CHECK(SegmentSums(torch::empty({0, 4}), offsets).equal(torch::zeros({2, 4})));
}

}  // namespace
}  // namespace recoup::model
