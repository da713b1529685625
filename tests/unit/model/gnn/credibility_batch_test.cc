#include "model/gnn/credibility_batch.h"

#include <catch2/catch_test_macros.hpp>
#include <numeric>
#include <vector>

#include "tests/unit/model/runtime/credibility_example.h"

namespace recoup::model {
namespace {

TEST_CASE("Differences hold years, distances and mismatches of the peers that are there") {
  const auto example = testing::HandWorkedDeep();
  const std::uint32_t pick = 0;
  const CredibilityBatch batch = MakeCredibilityBatch(example.rows, example.inputs, {&pick, 1});
  REQUIRE(batch.relations.size() == 1);
  const CredibilityBatch::Relation& peers = batch.relations[0];
  CHECK(peers.differences.equal(torch::tensor({{1.0F, 0.0F, 0.0F}, {0.0F, 2.0F, 1.0F}})));
  CHECK(peers.residuals.equal(torch::tensor({{0.4F}, {-0.2F}})));
  CHECK(peers.offsets.equal(torch::tensor({0, 2}, torch::kInt32)));
  CHECK(batch.numeric.equal(torch::tensor({{0.0F}})));
  CHECK(batch.categories[0].equal(torch::tensor({1}, torch::kInt64)));
  CHECK(batch.context.equal(torch::tensor({{0.5F}})));
}

TEST_CASE("Loans come in the order of the picks") {
  const auto example = testing::RandomCredibility(CredibilityVariant::kDeep, 3);
  const std::vector<std::uint32_t> picks = {7, 2};
  const CredibilityBatch batch = MakeCredibilityBatch(example.rows, example.inputs, picks);
  CHECK(batch.loans == 2);
  CHECK(batch.numeric[0][0].item<float>() == example.rows.numeric[7 * 6]);
  CHECK(batch.context[1][1].item<float>() == example.inputs.context[2 * 2 + 1]);
}

TEST_CASE("Peers are left out at their rate, by random number alone") {
  const auto example = testing::RandomCredibility(CredibilityVariant::kDeep, 3, 200);
  std::vector<std::uint32_t> picks(200);
  std::iota(picks.begin(), picks.end(), 0U);
  const auto count = [&](double rate, std::uint64_t stream) {
    const auto batch =
        MakeCredibilityBatch(example.rows, example.inputs, picks, {rate, CounterRandom(1, stream)});
    std::int64_t peers = 0;
    for (const auto& relation : batch.relations) peers += relation.residuals.size(0);
    return static_cast<double>(peers);
  };
  const double all = count(0.0, 1);
  CHECK(count(0.25, 1) == count(0.25, 1));
  CHECK(count(0.25, 1) > 0.7 * all);
  CHECK(count(0.25, 1) < 0.8 * all);
}

}  // namespace
}  // namespace recoup::model
