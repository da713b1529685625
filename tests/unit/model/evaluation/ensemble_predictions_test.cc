#include "model/evaluation/ensemble_predictions.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "model/evaluation/quantile_levels.h"
#include "model/runtime/rolling_calibration.h"
#include "tests/unit/model/evaluation/loan_world.h"

namespace recoup::model {
namespace {

using Catch::Approx;
using testing::Day;

/// Half of the mass around each of these rates.
RecoveryDistribution Around(double one, double other) {
  RecoveryDistribution::Masses masses{};
  masses[RecoveryDistribution::CellOf(one)] += 0.5;
  masses[RecoveryDistribution::CellOf(other)] += 0.5;
  return RecoveryDistribution::FromMasses(masses).value();
}

/// A loan valued on a day counted from 2010-01-01, whose outcome is known `days` later.
Example Valued(std::int32_t on, std::int32_t days, double recovery_rate) {
  const Date as_of = Day("2010-01-01").PlusDays(on);
  return {graph::NodeId(1, static_cast<std::uint64_t>(on)), as_of, as_of.PlusDays(days),
          recovery_rate};
}

TEST_CASE("The share of the second is that of least squares, drawn towards 0 by 100 loans") {
  std::vector<double> outcomes;
  std::vector<double> first;
  std::vector<double> second;
  const auto add = [&](double outcome, double one, double other) {
    outcomes.push_back(outcome);
    first.push_back(one);
    second.push_back(other);
  };
  for (int i = 0; i < 50; ++i) {
    add(0.5, 0.2, 0.6);  // step .4, error .3: their product is .12, the step's square .16
    add(0.5, 0.5, 0.3);  // step -.2, no error: 0, and .04
  }
  // 50 * .12 / (50 * .20) = .6 for 100 loans; with as many doubtful ones half of that.
  CHECK(ShareOfSecond(outcomes, first, second) == Approx(0.3));
  // The same loans three times: 3 / 4 of .6.
  for (int i = 0; i < 100; ++i) {
    add(0.5, 0.2, 0.6);
    add(0.5, 0.5, 0.3);
  }
  CHECK(ShareOfSecond(outcomes, first, second) == Approx(0.45));
}

TEST_CASE("A share is never below 0 or above 1, and 0 where both say the same") {
  const std::vector<double> ones(200, 1.0);
  const std::vector<double> halves(200, 0.5);
  const std::vector<double> thirds(200, 0.3);
  CHECK(ShareOfSecond(ones, thirds, halves) == 1.0);  // .7 / .2 * 2 / 3 = 2.33
  CHECK(ShareOfSecond(ones, halves, thirds) == 0.0);
  CHECK(ShareOfSecond(ones, halves, halves) == 0.0);
  CHECK(ShareOfSecond({}, {}, {}) == 0.0);
}

TEST_CASE("A blend lies between both by its share, loan by loan") {
  const auto blended = Blend(std::vector<double>{0.2, 0.8}, std::vector<double>{0.6, 0.4}, 0.25);
  REQUIRE(blended.size() == 2);
  CHECK(blended[0] == Approx(0.3));
  CHECK(blended[1] == Approx(0.7));
}

TEST_CASE("Every distribution is tilted to its own mean") {
  const std::vector<RecoveryDistribution> both = {Around(0.1, 0.9), Around(0.3, 0.5)};
  const std::vector<double> means = {0.7, 0.35};
  const std::vector<double> tilted = MeansOfAll(TiltAll(both, means));
  REQUIRE(tilted.size() == 2);
  CHECK(tilted[0] == Approx(0.7));
  CHECK(tilted[1] == Approx(0.35));
  CHECK(MeansOfAll(both)[0] == Approx(0.5));
}

TEST_CASE("A score is how far the outcome fell outside the forecast's 10 and 90 percent") {
  // All mass evenly between .48 and .52: quantiles .484 and .516.
  const std::vector<RecoveryDistribution> forecasts(3, Around(0.5, 0.5));
  const std::vector<Example> loans = {Valued(0, 90, 0.6), Valued(1, 30, 0.4), Valued(2, 60, 0.5)};
  const auto scores = ScoresOf(forecasts, loans);
  REQUIRE(scores.size() == 3);
  // Ascending by the day the outcome was known: the second, the third, the first.
  CHECK(scores[0].known_at == loans[1].outcome_known_at);
  CHECK(scores[0].score == Approx(0.084));
  CHECK(scores[1].known_at == loans[2].outcome_known_at);
  CHECK(scores[1].score == Approx(-0.016));
  CHECK(scores[2].score == Approx(0.084));
  CHECK(scores[2].forecast_mean == Approx(0.5));
}

TEST_CASE("The bands of a calibration end at the thirds of its forecasts") {
  std::vector<ConformityScore> scores;
  for (const float mean : {0.9F, 0.0F, 0.6F, 0.3F}) {
    scores.push_back({Day("2010-01-01"), mean, 0.0F});
  }
  const RollingCalibration calibration = CalibrateRolling(scores);
  CHECK(calibration.band_ends[0] == Approx(0.3));
  CHECK(calibration.band_ends[1] == Approx(0.6));
  CHECK(calibration.scores == scores);
  CHECK(CalibrateRolling({}) == RollingCalibration{});
}

TEST_CASE("A margin is the conformal quantile of the scores known before the loan's day") {
  RollingCalibration calibration;
  for (int i = 1; i <= 9; ++i) {
    calibration.scores.push_back({Day("2009-01-01"), 0.5F, 0.01F * static_cast<float>(i)});
  }
  const std::vector<RecoveryDistribution> forecast = {Around(0.5, 0.5)};
  const auto predicted =
      PredictRolling(forecast, std::vector<Example>{Valued(0, 90, 0.9)}, calibration);
  REQUIRE(predicted.has_value());
  // The ceil(10 * .8) = 8th smallest is .08, around the quantiles .484 and .516.
  CHECK(predicted->lower[0] == Approx(0.404));
  CHECK(predicted->upper[0] == Approx(0.596));
  CHECK(predicted->mean[0] == Approx(0.5));
}

// A loan a day, spread over all bands; every 50 days the outcomes of those since are known.
struct DailyLoans {
  std::vector<RecoveryDistribution> forecasts;
  std::vector<double> means;
  std::vector<Example> loans;
};

DailyLoans MakeDailyLoans() {
  DailyLoans made;
  for (int i = 0; i < 800; ++i) {
    const auto number = static_cast<std::uint64_t>(i);
    const double rate = 0.3 + 0.4 * testing::Draw(11, number);
    made.forecasts.push_back(Around(rate, rate));
    made.means.push_back(made.forecasts.back().Mean());
    const double error = 0.2 * testing::Draw(12, number) - 0.1;
    made.loans.push_back(Valued(i, 50 - i % 50, rate + error));
  }
  return made;
}

// Turns around every outcome known on this day or later.
std::vector<Example> WithOtherFuture(std::vector<Example> loans, Date from) {
  for (Example& loan : loans) {
    if (loan.outcome_known_at >= from) loan.recovery_rate = 1.0 - loan.recovery_rate;
  }
  return loans;
}

// How many loans valued on `day` or before, and after it, have another interval.
struct Changed {
  std::size_t until = 0;
  std::size_t after = 0;
};

Changed CompareIntervals(const ModelPredictions& one, const ModelPredictions& other,
                         const std::vector<Example>& loans, Date day) {
  Changed changed;
  for (std::size_t i = 0; i < loans.size(); ++i) {
    bool same = one.lower[i] == other.lower[i] && one.upper[i] == other.upper[i];
    for (std::size_t k = 0; k < kQuantileLevels; ++k) {
      const std::size_t at = i * kQuantileLevels + k;
      same = same && one.quantiles[at] == other.quantiles[at];
    }
    (loans[i].as_of <= day ? changed.until : changed.after) += same ? 0 : 1;
  }
  return changed;
}

TEST_CASE("Outcomes known on a loan's day or later do not move its interval") {
  const DailyLoans made = MakeDailyLoans();
  const RollingCalibration calibration =
      CalibrateRolling(ScoresOf(made.forecasts, std::span(made.loans)));
  RollingCalibration bands = calibration;
  bands.scores.clear();
  const auto real = PredictRolling(made.forecasts, made.loans, bands);
  REQUIRE(real.has_value());
  // 50 outcomes are known on the day on which this loan is valued: too late for it.
  const Date day = made.loans[300].as_of;
  const auto turned = PredictRolling(made.forecasts, WithOtherFuture(made.loans, day), bands);
  REQUIRE(turned.has_value());
  const Changed changed = CompareIntervals(*real, *turned, made.loans, day);
  CHECK(changed.until == 0);
  CHECK(changed.after > 400);
  CHECK(real->mean == turned->mean);
}

TEST_CASE("Each band has a margin of its own once it holds 200 outcomes") {
  DailyLoans made;
  for (int i = 0; i < 800; ++i) {
    const bool high = i % 2 == 0;
    made.forecasts.push_back(Around(high ? 0.9 : 0.1, high ? 0.9 : 0.1));
    // Low forecasts are right, high ones are .3 off.
    made.loans.push_back(Valued(i, 1, high ? 0.6 : 0.1));
  }
  const auto predicted =
      PredictRolling(made.forecasts, made.loans, {.band_ends = {0.4F, 0.7F}, .scores = {}});
  REQUIRE(predicted.has_value());
  CHECK(predicted->upper[798] - predicted->lower[798] > 0.4);
  CHECK(predicted->upper[799] - predicted->lower[799] < 0.01);
  // Before that, both are judged together.
  CHECK(predicted->upper[101] - predicted->lower[101] > 0.3);
}

TEST_CASE("A forecast of the mean alone is surrounded by its newest known errors") {
  std::vector<Example> loans;
  for (int i = 0; i < 150; ++i) loans.push_back(Valued(0, 100, 0.6));    // error +.1
  for (int i = 0; i < 120; ++i) loans.push_back(Valued(150, 100, 0.3));  // error -.2
  loans.push_back(Valued(100, 500, 0.5));  // the first errors become known today: too late
  loans.push_back(Valued(101, 500, 0.5));
  loans.push_back(Valued(250, 500, 0.5));
  loans.push_back(Valued(251, 500, 0.5));
  const std::vector<double> means(loans.size(), 0.5);
  const ModelPredictions predicted = PredictRollingFromMeans(means, loans, 100);
  const auto width = [&](std::size_t i) { return predicted.upper[i] - predicted.lower[i]; };
  const auto median = [&](std::size_t i) {
    return predicted.quantiles[i * kQuantileLevels + kLevel50];
  };
  CHECK(median(271) == Approx(0.6));
  CHECK(width(271) == Approx(0.0).margin(1e-12));
  CHECK(median(272) == Approx(0.6));
  CHECK(median(273) == Approx(0.3));
  CHECK(width(273) == Approx(0.0).margin(1e-12));
  CHECK(predicted.mean[273] == 0.5);
  // A longer memory holds both kinds; where nothing is known yet, anything may come out.
  const ModelPredictions longer = PredictRollingFromMeans(means, loans);
  CHECK(longer.upper[273] - longer.lower[273] == Approx(0.3));
  for (const std::size_t i : {0U, 270U}) {
    CHECK(longer.lower[i] == 0.0);
    CHECK(longer.upper[i] == 1.0);
  }
  CHECK(longer.upper[272] - longer.lower[272] == Approx(0.0).margin(1e-12));
}

TEST_CASE("Later errors do not move what surrounds a mean once 100 are known") {
  const DailyLoans made = MakeDailyLoans();
  const Date day = made.loans[300].as_of;
  const ModelPredictions real = PredictRollingFromMeans(made.means, made.loans, 200);
  const ModelPredictions turned =
      PredictRollingFromMeans(made.means, WithOtherFuture(made.loans, day), 200);
  std::vector<Example> judged(made.loans.begin() + 140, made.loans.end());
  const auto from_140 = [](const ModelPredictions& all) {
    ModelPredictions kept = all;
    kept.lower.erase(kept.lower.begin(), kept.lower.begin() + 140);
    kept.upper.erase(kept.upper.begin(), kept.upper.begin() + 140);
    kept.quantiles.erase(kept.quantiles.begin(),
                         kept.quantiles.begin() + 140 * static_cast<int>(kQuantileLevels));
    return kept;
  };
  const Changed changed = CompareIntervals(from_140(real), from_140(turned), judged, day);
  CHECK(changed.until == 0);
  CHECK(changed.after > 400);
}

TEST_CASE("Means beyond the possible are cut, and so is what surrounds them") {
  std::vector<Example> loans;
  for (int i = 0; i < 120; ++i) loans.push_back(Valued(i, 1, i % 2 == 0 ? 1.0 : 0.7));
  const ModelPredictions predicted =
      PredictRollingFromMeans(std::vector<double>(loans.size(), 1.4), loans);
  CHECK(predicted.mean[119] == 1.0);
  CHECK(predicted.upper[119] == 1.0);
  CHECK(predicted.lower[119] == Approx(0.7));
}

}  // namespace
}  // namespace recoup::model
