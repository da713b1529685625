#include "model/boosting/gradient_boosting.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <random>

namespace recoup::model {
namespace {

using Catch::Approx;

struct Data {
  Table table{{"x", "noise"}, {}};
  std::vector<double> outcomes;

  LabelledTable Slice() const { return {&table, outcomes}; }
};

/// 0.2 up to one half, 0.8 above; a missing x counts as above.
Data StepFunction(std::uint64_t seed, std::size_t rows) {
  Data data;
  std::mt19937_64 random(seed);
  const auto next = [&] { return static_cast<double>(random() >> 11) * 0x1.0p-53; };
  for (std::size_t i = 0; i < rows; ++i) {
    const double x = next();
    const bool missing = i % 10 == 0;
    data.table.values.push_back(missing ? std::numeric_limits<float>::quiet_NaN()
                                        : static_cast<float>(x));
    data.table.values.push_back(static_cast<float>(next()));
    data.outcomes.push_back(missing || x > 0.5 ? 0.8 : 0.2);
  }
  return data;
}

double MeanSquaredError(std::span<const double> outcomes, std::span<const double> predictions) {
  double sum = 0.0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    sum += (outcomes[i] - predictions[i]) * (outcomes[i] - predictions[i]);
  }
  return sum / static_cast<double>(outcomes.size());
}

TEST_CASE("Boosting learns a step function and where missing values belong") {
  const Data training = StepFunction(1, 2000);
  const Data validation = StepFunction(2, 500);
  const auto model = GradientBoosting::Fit(training.Slice(), validation.Slice(),
                                           {.column_share = 1.0, .max_rounds = 200});
  REQUIRE(model.has_value());
  const Data test = StepFunction(3, 500);
  const auto predictions = model->Predict(test.table);
  REQUIRE(predictions.has_value());
  // The outcomes vary by 0.3 around their middle, that is 0.09 squared; at most 2 % of it is left.
  CHECK(MeanSquaredError(test.outcomes, *predictions) < 0.02 * 0.09);
  CHECK(predictions->at(0) == Approx(0.8).margin(0.05));  // missing
}

TEST_CASE("Boosting stops when validation no longer improves and keeps the best round") {
  const Data training = StepFunction(1, 500);
  Data validation = StepFunction(2, 500);
  for (double& outcome : validation.outcomes) outcome = 1.0 - outcome;  // the contrary
  const auto model = GradientBoosting::Fit(training.Slice(), validation.Slice(), {.patience = 5});
  REQUIRE(model.has_value());
  CHECK(model->rounds() == 1);
  const auto predictions = model->Predict(validation.table);
  REQUIRE(predictions.has_value());
  CHECK(model->validation_error() ==
        Approx(std::sqrt(MeanSquaredError(validation.outcomes, *predictions))).epsilon(1e-4));
}

TEST_CASE("The same seed gives the same bytes and another one others") {
  const Data training = StepFunction(1, 500);
  const Data validation = StepFunction(2, 200);
  const auto fit = [&](std::uint64_t seed) {
    const auto model = GradientBoosting::Fit(training.Slice(), validation.Slice(),
                                             {.max_rounds = 20, .seed = seed, .threads = 1});
    REQUIRE(model.has_value());
    return model->Predict(validation.table).value();
  };
  CHECK(fit(1) == fit(1));
  CHECK(fit(1) != fit(2));
}

TEST_CASE("A fixed number of rounds grows the same trees as stopping early, and just as many") {
  const Data training = StepFunction(1, 500);
  const Data validation = StepFunction(2, 200);
  const auto stopped = GradientBoosting::Fit(training.Slice(), validation.Slice(),
                                             {.max_rounds = 300, .patience = 3, .threads = 1});
  REQUIRE(stopped.has_value());
  const auto fixed = GradientBoosting::FitRounds(
      training.Slice(), {.max_rounds = stopped->rounds(), .patience = 1, .threads = 1});
  REQUIRE(fixed.has_value());
  CHECK(fixed->rounds() == stopped->rounds());
  CHECK(std::isinf(fixed->validation_error()));
  CHECK(fixed->Predict(validation.table).value() == stopped->Predict(validation.table).value());
}

TEST_CASE("A fixed number of rounds needs rows, a column and a round, and can be stopped") {
  const Data data = StepFunction(1, 100);
  const auto code = [&](const LabelledTable& slice, int rounds, const std::atomic<bool>* stop) {
    const auto model = GradientBoosting::FitRounds(slice, {.max_rounds = rounds}, stop);
    return model ? ErrorCode::kUnknown : model.error().code;
  };
  const Table empty;
  CHECK(code({&empty, data.outcomes}, 5, nullptr) == ErrorCode::kInvalidArgument);
  CHECK(code({&data.table, {}}, 5, nullptr) == ErrorCode::kInvalidArgument);
  CHECK(code(data.Slice(), 0, nullptr) == ErrorCode::kInvalidArgument);
  const std::atomic<bool> stop = true;
  CHECK(code(data.Slice(), 5, &stop) == ErrorCode::kCancelled);
}

TEST_CASE("Flat trees predict what libxgboost does, to the last bit") {
  const Data training = StepFunction(1, 2000);
  const Data test = StepFunction(3, 500);
  const auto model = GradientBoosting::Fit(training.Slice(), StepFunction(2, 200).Slice(),
                                           {.max_rounds = 60, .patience = 5});
  REQUIRE(model.has_value());
  const auto trees = model->Flatten();
  REQUIRE(trees.has_value());
  CHECK(trees->trees() == static_cast<std::size_t>(model->rounds()));
  const std::vector<double> expected = model->Predict(test.table).value();
  for (std::size_t row = 0; row < expected.size(); ++row) {
    const std::span<const float> values(test.table.values.data() + 2 * row, 2);
    CHECK(double{trees->Predict(values)} == expected[row]);
  }
  CHECK(trees->gain_shares()[0] > 0.9F);
  CHECK(trees->gain_shares()[0] + trees->gain_shares()[1] == Approx(1.0));
}

TEST_CASE("Tables that do not fit are refused") {
  const Data training = StepFunction(1, 100);
  Data validation = StepFunction(2, 100);
  const std::vector<double> too_few(99, 0.5);
  CHECK_FALSE(GradientBoosting::Fit({&training.table, too_few}, validation.Slice(), {}));
  const auto model = GradientBoosting::Fit(training.Slice(), validation.Slice(), {});
  REQUIRE(model.has_value());
  const Table narrow{{"x"}, {0.5F}};
  CHECK_FALSE(model->Predict(narrow).has_value());
  validation.table.columns[1] = "other";
  const auto other = GradientBoosting::Fit(training.Slice(), validation.Slice(), {});
  REQUIRE_FALSE(other.has_value());
  CHECK(other.error().code == ErrorCode::kInvalidArgument);
}

TEST_CASE("What libxgboost refuses comes back as an error with its message") {
  const Data data = StepFunction(1, 100);
  const auto model = GradientBoosting::Fit(data.Slice(), data.Slice(), {.max_depth = -1});
  REQUIRE_FALSE(model.has_value());
  CHECK(model.error().code == ErrorCode::kInternal);
  CHECK(model.error().message.find("max_depth") != std::string::npos);
}

TEST_CASE("Boosting can be stopped") {
  const Data data = StepFunction(1, 100);
  const std::atomic<bool> stop = true;
  const auto model = GradientBoosting::Fit(data.Slice(), data.Slice(), {}, &stop);
  REQUIRE_FALSE(model.has_value());
  CHECK(model.error().code == ErrorCode::kCancelled);
}

}  // namespace
}  // namespace recoup::model
