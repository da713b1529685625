#include "model/runtime/rolling_calibration.h"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <random>
#include <vector>

namespace recoup::model {
namespace {

RollingCalibration Bands(double coverage = 0.8, std::uint32_t window = 1500) {
  return {coverage, window, {0.25F, 0.75F}, {}};
}

// One score a day from day 0 on, with this forecast mean.
std::vector<ConformityScore> Daily(const std::vector<float>& scores, float mean = 0.5F) {
  std::vector<ConformityScore> daily;
  for (const float score : scores) {
    daily.push_back({Date(static_cast<std::int32_t>(daily.size())), mean, score});
  }
  return daily;
}

std::array<double, 3> All(float margin) {
  const auto value = static_cast<double>(margin);
  return {value, value, value};
}

TEST_CASE("A band ends before its end") {
  std::vector<std::size_t> bands;
  for (const double mean : {-1.0, 0.2499999, 0.25, 0.7499999, 0.75, 2.0}) {
    bands.push_back(BandOf(Bands(), mean));
  }
  CHECK(bands == std::vector<std::size_t>{0, 0, 1, 1, 2, 2});
}

TEST_CASE("Without a score known before the day all margins are 0") {
  CHECK(MarginsOn(Bands(), {}, Date(0)).of_band == All(0.0F));
  CHECK(MarginsOn(Bands(), Daily({0.5F, 0.5F}), Date(0)).of_band == All(0.0F));
}

TEST_CASE("The margin is the conformal rank of the scores, worked by hand") {
  const auto scores = Daily({0.3F, -0.1F, 0.4F, 0.2F});
  const auto margin = [&](double coverage) {
    return MarginsOn(Bands(coverage), scores, Date(9)).of_band;
  };
  CHECK(margin(0.2) == All(-0.1F));  // 5 * 0.2 = 1
  CHECK(margin(0.21) == All(0.2F));  // 1.05: the second
  CHECK(margin(0.5) == All(0.3F));   // 2.5: the third
  CHECK(margin(0.8) == All(0.4F));   // 4
  CHECK(margin(0.99) == All(0.4F));  // 4.95 of 4: the largest there is
  CHECK(margin(0.001) == All(-0.1F));
  CHECK(MarginsOn(Bands(), Daily({-0.5F}), Date(1)).of_band == All(-0.5F));  // may be negative
}

TEST_CASE("A score counts from the day after its outcome on") {
  const std::vector<ConformityScore> scores = {
      {Date(0), 0.5F, 0.1F}, {Date(5), 0.5F, 0.2F}, {Date(5), 0.5F, 0.3F}};
  CHECK(MarginsOn(Bands(), scores, Date(5)).outcomes == 1);
  CHECK(MarginsOn(Bands(), scores, Date(5)).of_band == All(0.1F));
  CHECK(MarginsOn(Bands(), scores, Date(6)).outcomes == 3);
}

TEST_CASE("A band of 200 scores speaks for itself, one of 199 is judged by all") {
  std::vector<ConformityScore> scores = Daily(std::vector<float>(200, 0.1F), 0.1F);
  for (int i = 0; i < 199; ++i) scores.push_back({Date(300), 0.9F, 0.3F});
  // 400 * 0.8 = 320th of 399: beyond the 200 small ones.
  const Margins margins = MarginsOn(Bands(), scores, Date(301));
  CHECK(margins.outcomes == 399);
  CHECK(margins.of_band == std::array{All(0.1F)[0], All(0.3F)[0], All(0.3F)[0]});
  // With the window cut, the oldest of the first band is out, and it has but 199.
  CHECK(MarginsOn(Bands(0.8, 398), scores, Date(301)).of_band == All(0.3F));
}

// The smallest rank of at least (n + 1) * tenths / 10, in whole numbers, of sorted scores.
double NaiveMargin(std::vector<double> scores, std::size_t tenths) {
  std::sort(scores.begin(), scores.end());
  const std::size_t rank = ((scores.size() + 1) * tenths + 9) / 10;
  return scores[std::min(rank, scores.size()) - 1];
}

TEST_CASE("Margins on any day are those of a full sort of the window") {
  std::mt19937 random(8);
  std::vector<ConformityScore> scores;
  for (int i = 0; i < 1200; ++i) {
    scores.push_back({Date(i / 3), static_cast<float>(random() % 1001) / 1000.0F,
                      static_cast<float>(random() % 4001) / 2000.0F - 1.0F});
  }
  for (unsigned question = 0; question < 500; ++question) {
    const std::size_t tenths = 5 + question % 5;
    const std::uint32_t window = 1 + random() % 1300;
    const Date day(1 + static_cast<std::int32_t>(random() % 420));
    std::vector<double> all;
    std::array<std::vector<double>, 3> bands;
    for (auto score = scores.rbegin(); score != scores.rend(); ++score) {
      if (score->known_at >= day || all.size() == window) continue;
      all.push_back(static_cast<double>(score->score));
      const float mean = score->forecast_mean;
      bands[mean < 0.25F ? 0 : mean < 0.75F ? 1 : 2].push_back(all.back());
    }
    const auto margins = MarginsOn(Bands(static_cast<double>(tenths) / 10.0, window), scores, day);
    INFO("day " << day.days() << ", window " << window << ", coverage 0." << tenths);
    REQUIRE(margins.outcomes == all.size());
    for (std::size_t band = 0; band < 3; ++band) {
      const bool enough = bands[band].size() >= 200;
      REQUIRE(margins.of_band[band] == NaiveMargin(enough ? bands[band] : all, tenths));
    }
  }
}

}  // namespace
}  // namespace recoup::model
