#include "model/evaluation/boosted_model.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "model/evaluation/metrics.h"
#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

using Catch::Approx;

struct Data {
  SplitTables tables;
  SplitOutcomes outcomes;
};

void Fill(std::uint64_t stream, std::size_t rows, Table& table, std::vector<double>& outcomes) {
  table.columns = {"a", "b"};
  for (std::size_t i = 0; i < rows; ++i) {
    const double a = testing::Draw(stream, i);
    const double b = testing::Draw(stream + 1, i);
    table.values.insert(table.values.end(), {static_cast<float>(a), static_cast<float>(b)});
    outcomes.push_back((a > 0.5) != (b > 0.5) ? 0.8 : 0.2);  // needs two splits
  }
}

Data ExclusiveOr() {
  Data data;
  Fill(10, 1500, data.tables.training, data.outcomes.training);
  Fill(20, 400, data.tables.validation, data.outcomes.validation);
  Fill(30, 400, data.tables.test, data.outcomes.test);
  return data;
}

TEST_CASE("The chosen configuration has the smallest validation error of all candidates") {
  const Data data = ExclusiveOr();
  const BoostingOptions base{.max_rounds = 30};
  const auto chosen = TuneBoosting(data.tables, data.outcomes, base, {});
  REQUIRE(chosen.has_value());
  const auto error_of = [&](const BoostingOptions& options) {
    const auto model =
        GradientBoosting::Fit({&data.tables.training, data.outcomes.training},
                              {&data.tables.validation, data.outcomes.validation}, options);
    return model.value().validation_error();
  };
  const double chosen_error = error_of(*chosen);
  for (const BoostingOptions& candidate : BoostingCandidates(base)) {
    CHECK(chosen_error <= error_of(candidate));
    CHECK(candidate.max_rounds == 30);
  }
}

TEST_CASE("The mean over seeds is the mean of the seeds") {
  const Data data = ExclusiveOr();
  BoostingOptions options{.column_share = 1.0, .max_rounds = 100};
  const auto both = PredictBoosted(data.tables, data.outcomes, options, 2, {});
  const auto first = PredictBoosted(data.tables, data.outcomes, options, 1, {});
  ++options.seed;
  const auto second = PredictBoosted(data.tables, data.outcomes, options, 1, {});
  REQUIRE((both.has_value() && first.has_value() && second.has_value()));
  CHECK(both->test[0] == Approx((first->test[0] + second->test[0]) / 2));
  CHECK(both->validation.size() == 400);
  CHECK(RSquared(data.outcomes.test, both->test) > 0.9);
}

TEST_CASE("No seeds are refused") {
  const Data data = ExclusiveOr();
  CHECK_FALSE(PredictBoosted(data.tables, data.outcomes, {}, 0, {}).has_value());
}

}  // namespace
}  // namespace recoup::model
