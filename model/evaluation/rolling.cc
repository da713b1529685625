#include "model/evaluation/rolling.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/evaluation/comparison.h"
#include "model/evaluation/ensemble_predictions.h"
#include "model/evaluation/member_shares.h"
#include "model/evaluation/quantile_levels.h"
#include "model/evaluation/rolling_forecasts.h"

namespace recoup::model {
namespace {

constexpr std::size_t kFewestForShare = 200;
constexpr int kMonthsForShare = 12;

// Turns the forecasts of all loans into rows about those that are scored.
class RollingRows {
 public:
  RollingRows(const RollingForecasts& made, const NetworkSource& network)
      : made_(made), network_(network) {
    for (const std::uint32_t loan : made.loans) {
      all_.push_back(made.book.examples[loan]);
      scored_.push_back(all_.back().as_of >= made.plan.scored_from ? 1 : 0);
    }
  }

  // The scored loans, as a comparison wants them.
  PreparedData Data(const graph::GraphStore& store, int months) const {
    PreparedData data;
    data.view = store.ViewAsOf(Date::Max());
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (scored_[i] != 0) data.test.push_back(all_[i]);
    }
    data.outcomes.test = RecoveryRates(data.test);
    const auto known = static_cast<std::ptrdiff_t>(made_.book.KnownBefore(made_.plan.from));
    data.training.assign(made_.book.examples.begin(), made_.book.examples.begin() + known);
    data.known_at_once = made_.book.known_at_once;
    data.not_shown = made_.book.not_shown;
    data.schema = made_.schema;
    data.split_description = "rolling: refitted every " + std::to_string(months) + " months from " +
                             made_.plan.from.ToString() + "; scored are loans valued from " +
                             made_.plan.scored_from.ToString() + " to before " +
                             made_.plan.to.ToString();
    return data;
  }

  Result<void> AddTo(Comparison* comparison) const {
    comparison->ShowYears();
    const auto add = [&](std::string name, const std::vector<double>& means, std::string with) {
      comparison->Add(std::move(name), Only(PredictRollingFromMeans(means, all_)), std::move(with));
    };
    add(row::kMean, KnownMeans(), {});
    add(row::kBoostedOwn, OfMember(Member::kOwnTrees), {});
    for (std::size_t i = 1; i < kMembers; ++i) {
      const auto member = static_cast<Member>(i);
      if (IsAbsent(member)) {
        comparison->AddAbsent(std::string(MemberName(member)), network_.absent_because);
      } else {
        add(std::string(MemberName(member)), OfMember(member), {});
      }
    }
    Ensemble equal;
    const std::size_t members = IsAbsent(Member::kCredibility) ? kMembers - 1 : kMembers;
    std::fill_n(equal.weights.begin(), members, 1.0 / static_cast<double>(members));
    RECOUP_TRY(AddEnsemble(MeansOf(equal, made_.members), comparison));
    for (std::size_t i = 0; i < members; ++i) {
      add("ensemble without " + std::string(MemberName(static_cast<Member>(i))),
          MeansOf(equal, made_.members, i), row::kEnsemble);
    }
    comparison->AddNote("XGBoost own: refitted like the ensemble, of which it is the member `" +
                        std::string(MemberName(Member::kOwnTrees)) + "`");
    comparison->AddNote("intervals: calibrated on the newest 1,500 outcomes known on each day");
    return {};
  }

 private:
  // The mean of the outcomes known on each loan's day: what there is without any model.
  std::vector<double> KnownMeans() const {
    std::vector<double> sums{0.0};
    for (const Example& example : made_.book.examples) {
      sums.push_back(sums.back() + example.recovery_rate);
    }
    std::vector<double> means;
    for (const std::uint32_t loan : made_.loans) {
      const std::size_t known = made_.book.KnownBefore(made_.book.examples[loan].as_of);
      means.push_back(sums[known] / static_cast<double>(std::max<std::size_t>(known, 1)));
    }
    return means;
  }

  bool IsAbsent(Member member) const {
    return member == Member::kCredibility && network_.plugin == nullptr;
  }

  std::vector<double> OfMember(Member member) const {
    std::vector<double> means;
    for (const MemberForecasts& one : made_.members) {
      means.push_back(one.members[static_cast<std::size_t>(member)]);
    }
    return means;
  }

  Result<void> AddEnsemble(const std::vector<double>& means, Comparison* comparison) const {
    if (network_.plugin == nullptr) {
      comparison->Add(row::kEnsemble, Only(PredictRollingFromMeans(means, all_)));
      return {};
    }
    const std::vector<double> seen = MeansOfAll(made_.shapes);
    comparison->Add(row::kNetworkWithBase, Only(PredictRollingFromMeans(seen, all_)));
    comparison->Add(row::kEnsembleWithoutNetwork, Only(PredictRollingFromMeans(means, all_)),
                    row::kEnsemble);
    const auto tilted = TiltAll(made_.shapes, BlendForward(means, seen));
    // Bands at the thirds of the forecasts of the time that is not scored.
    std::vector<RecoveryDistribution> early;
    std::vector<Example> early_loans;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (scored_[i] != 0) continue;
      early.push_back(tilted[i]);
      early_loans.push_back(all_[i]);
    }
    RollingCalibration calibration = CalibrateRolling(ScoresOf(early, early_loans));
    calibration.scores.clear();  // PredictRolling adds those of all loans
    RECOUP_ASSIGN(const ModelPredictions predictions, PredictRolling(tilted, all_, calibration));
    comparison->Add(row::kEnsemble, Only(predictions));
    return {};
  }

  // The network's share in a step: what the outcomes known by then would have asked for.
  double ShareOn(Date day, std::span<const double> means, std::span<const double> seen) const {
    std::vector<double> outcomes;
    std::vector<double> first;
    std::vector<double> second;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const Date known_at = all_[i].outcome_known_at;
      if (known_at >= day || known_at < PlusMonths(day, -kMonthsForShare)) continue;
      outcomes.push_back(all_[i].recovery_rate);
      first.push_back(means[i]);
      second.push_back(seen[i]);
    }
    return outcomes.size() < kFewestForShare ? 0.0 : ShareOfSecond(outcomes, first, second);
  }

  std::vector<double> BlendForward(std::span<const double> means,
                                   std::span<const double> seen) const {
    std::vector<double> blended(means.begin(), means.end());
    for (std::size_t step = 0; step < made_.plan.steps.size(); ++step) {
      const Date day = made_.plan.steps[step];
      const double share = ShareOn(day, means, seen);
      for (std::size_t i = 0; i < all_.size(); ++i) {
        if (all_[i].as_of < day || all_[i].as_of >= made_.plan.EndOf(step)) continue;
        blended[i] = (1.0 - share) * means[i] + share * seen[i];
      }
    }
    return blended;
  }

  ModelPredictions Only(const ModelPredictions& all) const {
    ModelPredictions kept;
    for (std::size_t i = 0; i < scored_.size(); ++i) {
      if (scored_[i] == 0) continue;
      kept.mean.push_back(all.mean[i]);
      kept.lower.push_back(all.lower[i]);
      kept.upper.push_back(all.upper[i]);
      const auto begin = all.quantiles.begin() + static_cast<std::ptrdiff_t>(i * kQuantileLevels);
      kept.quantiles.insert(kept.quantiles.end(), begin, begin + kQuantileLevels);
    }
    return kept;
  }

  const RollingForecasts& made_;
  const NetworkSource& network_;
  std::vector<Example> all_;  // of made_.loans
  std::vector<char> scored_;  // of made_.loans
};

}  // namespace

Result<EvaluationTable> EvaluateRolling(const graph::GraphStore& store,
                                        const NetworkSource& network, const RollingOptions& options,
                                        const Observer& observer) {
  RECOUP_ASSIGN(const RollingForecasts made, ForecastRolling(store, network, options, observer));
  const RollingRows rows(made, network);
  const PreparedData data = rows.Data(store, options.months);
  if (data.test.empty()) {
    return Error{ErrorCode::kInvalidArgument, "no loan was valued in the time to be scored"};
  }
  Comparison comparison;
  RECOUP_TRY(rows.AddTo(&comparison));
  RECOUP_TRY(observer.Enter("bootstrap"));
  RECOUP_ASSIGN(EvaluationTable table,
                comparison.Finish(store, data, options.bootstrap, options.seeds));
  made.checkpoint.Clear();
  return table;
}

}  // namespace recoup::model
