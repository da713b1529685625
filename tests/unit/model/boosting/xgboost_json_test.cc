#include "model/boosting/xgboost_json.h"

#include <bit>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numeric>
#include <random>

#include "tests/unit/model/boosting/raw_booster.h"

namespace recoup::model {
namespace {

using Catch::Approx;

constexpr std::size_t kColumns = 7;

struct Rows {
  std::vector<float> values;
  std::vector<float> labels;

  std::span<const float> Row(std::size_t i) const {
    return std::span(values).subspan(i * kColumns, kColumns);
  }
};

// Columns of very different size, the first two on a coarse grid so that values meet thresholds;
// one value in six is missing.
Rows RandomRows(unsigned seed, std::size_t rows) {
  std::mt19937_64 random(seed);
  const auto next = [&] { return static_cast<float>(random() >> 40) * 0x1p-24F; };
  constexpr float kScale[kColumns] = {1.0F, 1.0F, 1.0F, 1e9F, 1e-9F, 1e30F, 1e-38F};
  Rows made;
  for (std::size_t row = 0; row < rows; ++row) {
    double label = 0.1 * next();
    for (std::size_t column = 0; column < kColumns; ++column) {
      float value = next() - 0.5F;
      if (column < 2) value = std::round(8.0F * value) / 8.0F;
      const bool missing = random() % 6 == 0;
      label += missing ? 0.1 : 0.3 * std::sin(4.0 * value + static_cast<double>(column));
      made.values.push_back(missing ? std::numeric_limits<float>::quiet_NaN()
                                    : value * kScale[column]);
    }
    made.labels.push_back(static_cast<float>(label));
  }
  return made;
}

RawBooster::Parameters Trees(int depth, const std::string& method) {
  return {{"max_depth", std::to_string(depth)},
          {"tree_method", method},
          {"eta", "0.1"},
          {"base_score", "0.37"},
          {"colsample_bytree", "0.7"},
          {"subsample", "0.8"},
          {"lambda", "5"},
          {"nthread", "2"}};
}

std::size_t DifferentBits(const FlatTrees& trees, const Rows& rows,
                          const std::vector<float>& expected) {
  std::size_t different = 0;
  for (std::size_t row = 0; row < expected.size(); ++row) {
    const float prediction = trees.Predict(rows.Row(row));
    if (std::bit_cast<std::uint32_t>(prediction) != std::bit_cast<std::uint32_t>(expected[row])) {
      ++different;
    }
  }
  return different;
}

TEST_CASE("Flat trees of every depth predict what libxgboost does, to the last bit") {
  const Rows training = RandomRows(1, 2000);
  const Rows test = RandomRows(2, 2000);
  const RawMatrix training_matrix(training.values, kColumns);
  const RawMatrix test_matrix(test.values, kColumns);
  for (const std::string method : {"hist", "exact"}) {
    for (const int depth : {1, 2, 3, 6, 10}) {
      CAPTURE(method, depth);
      const RawBooster booster(training_matrix, training.labels, Trees(depth, method), 80);
      const std::string json = booster.Json();
      for (const int rounds : {1, 33, 80}) {
        const auto trees = ReadXgboostJson(json, {kColumns, rounds});
        REQUIRE(trees.has_value());
        CHECK(trees->trees() == static_cast<std::size_t>(rounds));
        CHECK(DifferentBits(*trees, training, booster.Predict(training_matrix, rounds)) == 0);
        CHECK(DifferentBits(*trees, test, booster.Predict(test_matrix, rounds)) == 0);
      }
    }
  }
}

TEST_CASE("Contributions are those of libxgboost and add up to the prediction") {
  const Rows training = RandomRows(1, 1000);
  const Rows test = RandomRows(2, 200);
  const RawMatrix training_matrix(training.values, kColumns);
  const RawMatrix test_matrix(test.values, kColumns);
  for (const int depth : {1, 3, 6, 8}) {
    CAPTURE(depth);
    const RawBooster booster(training_matrix, training.labels, Trees(depth, "hist"), 50);
    const auto trees = ReadXgboostJson(booster.Json(), {kColumns, 40});
    REQUIRE(trees.has_value());
    const std::vector<float> expected = booster.Contributions(test_matrix, 40);
    REQUIRE(expected.size() == test.labels.size() * (kColumns + 1));
    double worst = 0.0;
    for (std::size_t row = 0; row < test.labels.size(); ++row) {
      std::vector<double> contributions(kColumns);
      const double expectation = trees->Contributions(test.Row(row), contributions);
      const double sum = std::accumulate(contributions.begin(), contributions.end(), expectation);
      CHECK(sum == Approx(double{trees->Predict(test.Row(row))}).margin(1e-6));
      contributions.push_back(expectation);
      for (std::size_t i = 0; i <= kColumns; ++i) {
        const double theirs = double{expected[row * (kColumns + 1) + i]};
        worst = std::max(worst, std::abs(contributions[i] - theirs));
      }
    }
    CHECK(worst < 1e-4);
  }
}

// One tree as libxgboost saves it. Node 1 and 2 are leaves below node 4; node 3 was pruned away.
std::string Saved(const std::string& base, const std::string& trees) {
  return R"({"learner":{"learner_model_param":{"base_score":")" + base +
         R"("},"gradient_booster":{"name":"gbtree","model":{"trees":[)" + trees + "]}}}}";
}

constexpr const char* kTree = R"({"left_children":[4,-1,-1,-1,2,-1],
  "right_children":[5,-1,-1,-1,1,-1],"split_indices":[0,0,0,0,1,0],
  "split_conditions":[5E-1,3E0,2E0,9E0,-0E0,7E0],"default_left":[1,0,0,0,false,0],
  "sum_hessian":[6E0,1E0,2E0,0E0,3E0,3E0],"loss_changes":[3E0,0E0,0E0,0E0,1E0,0E0],
  "split_type":[0,0,0,0,0,0]})";

std::string TreeWith(const std::string& old_part, const std::string& new_part) {
  std::string tree = kTree;
  const std::size_t at = tree.find(old_part);
  RECOUP_CHECK(at != std::string::npos);
  return tree.replace(at, old_part.size(), new_part);
}

TEST_CASE("Nodes are numbered breadth first, without those that no walk reaches") {
  const auto trees = ReadXgboostJson(Saved("5E-1", kTree), {2, 1});
  REQUIRE(trees.has_value());
  const std::vector<TreeNode> expected = {{0, 1, 0.5F, 6.0F, true},
                                          {1, 3, -0.0F, 3.0F, false},
                                          {-1, 0, 7.0F, 3.0F, false},
                                          {-1, 0, 2.0F, 2.0F, false},
                                          {-1, 0, 3.0F, 1.0F, false}};
  CHECK(std::vector<TreeNode>(trees->nodes().begin(), trees->nodes().end()) == expected);
  CHECK(trees->base() == 0.5F);
}

TEST_CASE("A column's gain share is what its splits gained of the whole, of the kept trees") {
  const auto trees =
      ReadXgboostJson(Saved("0E0", std::string(kTree) + "," +
                                       TreeWith("[3E0,0E0,0E0,0E0,1E0", "[0E0,0E0,0E0,0E0,9E0")),
                      {3, 1});
  REQUIRE(trees.has_value());
  const std::vector<float> shares(trees->gain_shares().begin(), trees->gain_shares().end());
  CHECK(shares == std::vector<float>{0.75F, 0.25F, 0.0F});
}

TEST_CASE("The base score may be a number or, since 3.1, a list of one") {
  CHECK(ReadXgboostJson(Saved("[5E-1]", kTree), {2, 1})->base() == 0.5F);
  CHECK(ReadXgboostJson(Saved("-1.25", kTree), {2, 1})->base() == -1.25F);
  for (const char* bad : {"", "[", "[]", "[5E-1,5E-1]", "half", "5E-1x", "NaN"}) {
    CAPTURE(bad);
    CHECK_FALSE(ReadXgboostJson(Saved(bad, kTree), {2, 1}).has_value());
  }
}

TEST_CASE("Numbers are rounded once, from decimal to float") {
  // Just above the middle of 1 and the next float, 1 + 2^-24; the nearest double is that middle,
  // and from it a float would round down to 1.
  const std::string tree = TreeWith("7E0", "1.000000059604644775390625001E0");
  const auto trees = ReadXgboostJson(Saved("0E0", tree), {2, 1});
  REQUIRE(trees.has_value());
  CHECK(trees->nodes()[2].value == 1.0F + 0x1p-23F);
}

TEST_CASE("What is not such a model is an internal error, never a crash") {
  const auto code = [](const std::string& text) {
    const auto trees = ReadXgboostJson(text, {2, 1});
    return trees ? ErrorCode::kUnknown : trees.error().code;
  };
  const auto code_with = [&](const char* old_part, const char* new_part) {
    return code(Saved("0E0", TreeWith(old_part, new_part)));
  };
  CHECK(code(Saved("0E0", kTree)) == ErrorCode::kUnknown);
  CHECK(code("") == ErrorCode::kInternal);
  CHECK(code("{}") == ErrorCode::kInternal);
  CHECK(code("[]") == ErrorCode::kInternal);
  CHECK(code(Saved("0E0", "")) == ErrorCode::kInternal);    // fewer trees than rounds
  CHECK(code(Saved("0E0", "{}")) == ErrorCode::kInternal);  // no arrays
  std::string dart = Saved("0E0", kTree);
  dart.replace(dart.find("gbtree"), 6, "dart12");
  CHECK(code(dart) == ErrorCode::kInternal);
  CHECK(code_with("[4,-1", "[6,-1") == ErrorCode::kInternal);                  // a child is no node
  CHECK(code_with("[5,-1", "[-1,-1") == ErrorCode::kInternal);                 // only one child
  CHECK(code_with("2,-1],", "0,-1],") == ErrorCode::kInternal);                // a circle
  CHECK(code_with("[0,0,0,0,1,0]", "[0,0,0,0,2,0]") == ErrorCode::kInternal);  // no column
  CHECK(code_with("[6E0,", "[") == ErrorCode::kInternal);                      // an array is short
  CHECK(code_with("[6E0,", "[\"6\",") == ErrorCode::kInternal);                // a text
  CHECK(code_with("[0,0,0,0,0,0]}", "[1,0,0,0,0,0]}") == ErrorCode::kInternal);  // categories
}

}  // namespace
}  // namespace recoup::model
