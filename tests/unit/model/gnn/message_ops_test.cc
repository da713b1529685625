#include "model/gnn/message_ops.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::model {
namespace {

torch::Tensor Ints(std::vector<std::int32_t> values) {
  return torch::tensor(values, torch::kInt32);
}

// Parent 2 has the children 0 and 1, parent 0 the child 1. Scales hold weight / number of children.
MessageEdges Edges() {
  return {Ints({2, 0}), Ints({0, 2, 3}), Ints({0, 1, 1}), torch::tensor({0.5F, 0.25F, 1.0F})};
}

torch::Tensor Rows() { return torch::tensor({{4.0F, 8.0F}, {2.0F, -4.0F}}); }
torch::Tensor Weight() { return torch::tensor({{1.0F, 0.0F}, {3.0F, 1.0F}}); }

// mean of parent 2: 0.5 [4, 8] + 0.25 [2, -4] = [2.5, 3]; times weight^T: [2.5, 3 * 2.5 + 3] =
// [2.5, 10.5]. Parent 0: [2, -4] becomes [2, 3 * 2 - 4] = [2, 2].
TEST_CASE("Messages agree with the working by hand, and childless parents get none") {
  const torch::NoGradGuard no_gradient;
  torch::Tensor sums = torch::ones({3, 2});
  const torch::Tensor result = AddMessages(sums, Rows(), Weight(), Edges());
  CHECK(result.equal(torch::tensor({{3.0F, 3.0F}, {1.0F, 1.0F}, {3.5F, 11.5F}})));
}

TEST_CASE("Messages are added in place") {
  const torch::NoGradGuard no_gradient;
  torch::Tensor sums = torch::zeros({3, 2});
  CHECK(AddMessages(sums, Rows(), Weight(), Edges()).data_ptr() == sums.data_ptr());
  CHECK(sums[1].abs().sum().item<float>() == 0.0F);
  CHECK(sums[2][1].item<float>() == 10.5F);
}

// With the loss sum of all entries, every message has the gradient [1, 1]. Through the weight it
// is [1 + 3, 0 + 1] = [4, 1] a mean; child 0 takes half of it, child 1 a quarter and a whole.
// The weight's gradient is the sum of the means, [2.5 + 2, 3 - 4], in every row.
TEST_CASE("Gradients of messages agree with the working by hand") {
  const torch::Tensor rows = Rows().requires_grad_();
  const torch::Tensor weight = Weight().requires_grad_();
  const torch::Tensor base = torch::zeros({3, 2}).requires_grad_();
  AddMessages(base * 1.0F, rows, weight, Edges()).sum().backward();
  CHECK(base.grad().equal(torch::ones({3, 2})));
  CHECK(rows.grad().equal(torch::tensor({{2.0F, 0.5F}, {5.0F, 1.25F}})));
  CHECK(weight.grad().equal(torch::tensor({{4.5F, -1.0F}, {4.5F, -1.0F}})));
}

TEST_CASE("A category adds its word's row") {
  const torch::NoGradGuard no_gradient;
  const torch::Tensor table = torch::tensor({{1.0F, 2.0F}, {10.0F, 20.0F}, {7.0F, 7.0F}});
  torch::Tensor sums = torch::ones({3, 2});
  const torch::Tensor result = AddCategory(sums, table, Ints({1, 0, 1}));
  CHECK(result.equal(torch::tensor({{11.0F, 21.0F}, {2.0F, 3.0F}, {11.0F, 21.0F}})));
}

TEST_CASE("A word's gradient is the sum over its rows, an unused word's is 0") {
  const torch::Tensor table = torch::zeros({3, 2}).requires_grad_();
  const torch::Tensor base = torch::zeros({3, 2}).requires_grad_();
  const torch::Tensor result = AddCategory(base * 1.0F, table, Ints({1, 0, 1}));
  (result * torch::tensor({{1.0F, 2.0F}, {3.0F, 4.0F}, {5.0F, 6.0F}})).sum().backward();
  CHECK(table.grad().equal(torch::tensor({{3.0F, 4.0F}, {6.0F, 8.0F}, {0.0F, 0.0F}})));
  CHECK(base.grad().equal(torch::tensor({{1.0F, 2.0F}, {3.0F, 4.0F}, {5.0F, 6.0F}})));
}

}  // namespace
}  // namespace recoup::model
