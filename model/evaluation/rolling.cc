#include "model/evaluation/rolling.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/artifact/sha256.h"
#include "model/evaluation/comparison.h"
#include "model/evaluation/ensemble_predictions.h"
#include "model/evaluation/member_shares.h"
#include "model/evaluation/network_run.h"
#include "model/features/encode_examples.h"
#include "model/learning/checkpoint.h"
#include "model/learning/fit_ensemble.h"

#ifndef RECOUP_VERSION
#define RECOUP_VERSION "unknown"
#endif

namespace recoup::model {
namespace {

constexpr std::size_t kFewestKnown = 1000;
constexpr std::size_t kFewestForNetwork = 100;
constexpr std::size_t kFewestForShare = 200;
constexpr int kMonthsForShare = 12;

Date PlusMonths(Date day, int months) {
  const int count = day.year() * 12 + day.month() - 1 + months;
  // The first of a month is always a day.
  return Date::FromYearMonthDay(count / 12, count % 12 + 1, 1).value();
}

// Everything forecast of one loan: base, members, and the cells of the distribution.
struct StepRow {
  MemberForecasts forecasts;
  RecoveryDistribution::Masses masses{};

  static constexpr std::size_t kNumbers = 1 + kMembers + kRecoveryCells;
};

std::vector<double> Flatten(std::span<const StepRow> rows) {
  std::vector<double> numbers;
  numbers.reserve(rows.size() * StepRow::kNumbers);
  for (const StepRow& row : rows) {
    numbers.push_back(row.forecasts.base);
    numbers.insert(numbers.end(), row.forecasts.members.begin(), row.forecasts.members.end());
    numbers.insert(numbers.end(), row.masses.begin(), row.masses.end());
  }
  return numbers;
}

std::vector<StepRow> Unflatten(std::span<const double> numbers) {
  std::vector<StepRow> rows(numbers.size() / StepRow::kNumbers);
  for (StepRow& row : rows) {
    row.forecasts.base = numbers[0];
    std::copy_n(numbers.begin() + 1, kMembers, row.forecasts.members.begin());
    std::copy_n(numbers.begin() + 1 + kMembers, kRecoveryCells, row.masses.begin());
    numbers = numbers.subspan(StepRow::kNumbers);
  }
  return rows;
}

template <typename Number>
std::string DigestOf(std::span<const Number> numbers) {
  return Sha256Hex({reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()});
}

// Days that cut the run.
struct Schedule {
  Date from;
  Date scored_from;
  Date to;
  std::vector<Date> steps;  // refits, the first on `from`
};

Result<Schedule> PlanSteps(const LoanBook& book, const RollingOptions& options) {
  Date last = Date::Min();
  for (const Example& example : book.examples) last = std::max(last, example.as_of);
  Schedule plan;
  plan.to = options.to.value_or(last.PlusDays(1));
  if (options.from) {
    plan.from = *options.from;
  } else {
    int year = book.examples.front().outcome_known_at.year();
    const auto january = [](int of) { return Date::FromYearMonthDay(of, 1, 1).value(); };
    while (january(year) < plan.to && book.KnownBefore(january(year)) < kFewestKnown) ++year;
    plan.from = january(year);
  }
  plan.scored_from = options.scored_from.value_or(PlusMonths(plan.from, 12));
  if (plan.from >= plan.to || plan.scored_from >= plan.to || options.months < 1) {
    return Error{ErrorCode::kInvalidArgument,
                 "nothing to score: refits from " + plan.from.ToString() + ", loans valued from " +
                     plan.scored_from.ToString() + " to before " + plan.to.ToString() +
                     "; the first refit needs " + std::to_string(kFewestKnown) +
                     " known outcomes unless its day is given"};
  }
  for (Date step = plan.from; step < plan.to; step = PlusMonths(step, options.months)) {
    plan.steps.push_back(step);
  }
  return plan;
}

class Rolling {
 public:
  Rolling(const graph::GraphStore& store, const NetworkSource& network,
          const RollingOptions& options, const Observer& observer)
      : store_(store), network_(network), options_(options), observer_(observer) {}

  Result<EvaluationTable> Run() {
    RECOUP_TRY(observer_.Enter("reading resolved loans"));
    RECOUP_ASSIGN(book_, ReadLoanBook(store_));
    if (book_.size() == 0) {
      return Error{ErrorCode::kFailedPrecondition,
                   "the store knows no outcome; ingest resolved loans first"};
    }
    RECOUP_ASSIGN(plan_, PlanSteps(book_, options_));
    walk_.ensemble = options_.ensemble;
    walk_.ensemble.seeds = options_.seeds;
    walk_.ensemble.threads = options_.threads;
    walk_.ensemble.fit = options_.fit;
    walk_.cuts = YearlyCuts(book_, plan_.from);
    first_base_ = walk_.cuts.size() - 1;
    walk_.cuts.insert(walk_.cuts.end(), plan_.steps.begin() + 1, plan_.steps.end());
    RECOUP_ASSIGN(timeline_, WalkForward(book_, walk_, observer_));
    RECOUP_ASSIGN(const graph::StoreStatistics statistics, store_.Statistics());
    const Checkpoint checkpoint(options_.checkpoint, Fingerprint(statistics));
    for (std::size_t step = 0; step < plan_.steps.size(); ++step) {
      RECOUP_TRY(observer_.Enter("rolling", step, plan_.steps.size()));
      RECOUP_TRY(TakeStep(step, checkpoint));
    }
    RECOUP_TRY(observer_.Enter("bootstrap"));
    RECOUP_ASSIGN(EvaluationTable table, Compare());
    checkpoint.Clear();
    return table;
  }

 private:
  // Everything that the numbers of a step depend on, to the last bit. What was expected of the
  // loans, and what their peers said, stands for the store and for how the base was fitted.
  std::string Fingerprint(const graph::StoreStatistics& statistics) const {
    const TrainingOptions& t = options_.training;
    const BoostingOptions& b = options_.ensemble.boosting;
    const CredibilityOptions& c = options_.credibility;
    const auto number = [](auto value) { return static_cast<double>(value); };
    const std::vector<double> numbers = {t.learning_rate,
                                         t.weight_decay,
                                         t.dropout,
                                         t.edge_dropout,
                                         number(t.hidden_width),
                                         number(t.head_width),
                                         number(t.batch_size),
                                         number(t.max_epochs),
                                         number(t.patience),
                                         number(t.threads),
                                         number(b.max_depth),
                                         b.min_child_weight,
                                         b.learning_rate,
                                         b.column_share,
                                         b.row_share,
                                         b.penalty,
                                         number(b.max_rounds),
                                         options_.ensemble.ridge_penalty,
                                         number(c.variant),
                                         number(c.heads),
                                         number(c.hidden_width),
                                         number(c.batch_size),
                                         number(c.epochs),
                                         c.learning_rate,
                                         c.weight_decay,
                                         c.dropout,
                                         c.peer_dropout,
                                         c.initial_kappa,
                                         number(options_.months),
                                         number(options_.network_months),
                                         number(options_.seeds),
                                         number(options_.threads),
                                         number(options_.fit.min_count),
                                         number(options_.fit.sampling.first_hop_limit),
                                         number(options_.fit.sampling.second_hop_limit)};
    std::vector<double> outcomes;
    for (const Example& example : book_.examples) {
      outcomes.insert(outcomes.end(),
                      {number(example.as_of.days()), number(example.outcome_known_at.days()),
                       example.recovery_rate});
    }
    std::string text = std::string("rolling 2 ") + RECOUP_VERSION;
    text += network_.plugin == nullptr ? " alone" : " with networks";
    for (const std::uint64_t seed : {t.seed, b.seed, c.seed, statistics.epoch}) {
      text += " " + std::to_string(seed);
    }
    text += " " + DigestOf(std::span<const double>(numbers));
    text += " " + DigestOf(std::span<const double>(outcomes));
    for (const std::vector<float>* list :
         {&timeline_.expected, &timeline_.outcome.values, &timeline_.residual.values}) {
      text += " " + DigestOf(std::span<const float>(*list));
    }
    for (const std::string& name : options_.fit.allow_forbidden) text += " " + name;
    return text + " " + plan_.from.ToString() + " " + plan_.to.ToString();
  }

  Result<void> TakeStep(std::size_t step, const Checkpoint& checkpoint) {
    const Date day = plan_.steps[step];
    const Date next = step + 1 < plan_.steps.size() ? plan_.steps[step + 1] : plan_.to;
    std::vector<std::uint32_t> loans;
    for (std::uint32_t loan = 0; loan < book_.size(); ++loan) {
      const Date valued = book_.examples[loan].as_of;
      if (valued >= day && valued < std::min(next, plan_.to)) loans.push_back(loan);
    }
    std::vector<StepRow> rows;
    const auto kept = checkpoint.Read(day.ToString());
    if (kept && kept->size() == loans.size() * StepRow::kNumbers) {
      rows = Unflatten(*kept);
    } else {
      RECOUP_ASSIGN(rows, Forecast(step, loans));
      RECOUP_TRY(checkpoint.Write(day.ToString(), Flatten(rows)));
    }
    loans_.insert(loans_.end(), loans.begin(), loans.end());
    rows_.insert(rows_.end(), rows.begin(), rows.end());
    return {};
  }

  // Within a step nothing is reported: the bar counts steps.
  Observer Quietly() const { return {{}, observer_.stop}; }

  Result<std::vector<StepRow>> Forecast(std::size_t step, std::span<const std::uint32_t> loans) {
    const FittingTask task{
        book_,           timeline_,           walk_, first_base_ + step, plan_.steps[step],
        network_.plugin, options_.credibility};
    RECOUP_ASSIGN(const FittedEnsemble fitted, FitEnsemble(task, Quietly()));
    RECOUP_ASSIGN(const std::vector<MemberForecasts> forecasts, ForecastLoans(task, fitted, loans));
    std::vector<StepRow> rows(loans.size());
    for (std::size_t i = 0; i < loans.size(); ++i) rows[i].forecasts = forecasts[i];
    if (network_.plugin == nullptr || loans.empty()) return rows;
    RECOUP_TRY(RefitNetwork(step));
    RECOUP_ASSIGN(const auto inputs, Encode(loans));
    RECOUP_ASSIGN(const auto distributions, DistributionsOf(*predictor_, inputs));
    for (std::size_t i = 0; i < loans.size(); ++i) rows[i].masses = distributions[i].masses();
    return rows;
  }

  // Trains on what was known a year before the network's own day, and stops by the year between.
  Result<void> RefitNetwork(std::size_t step) {
    const int age = static_cast<int>(step) * options_.months % options_.network_months;
    const Date day = PlusMonths(plan_.steps[step], -age);
    if (predictor_ != nullptr && day == network_day_) return {};
    const std::size_t known = book_.KnownBefore(day);
    std::size_t trained = book_.KnownBefore(PlusMonths(day, -12));
    if (trained < kFewestForNetwork || known - trained < kFewestForNetwork) trained = known * 4 / 5;
    const auto part = [&](std::size_t begin, std::size_t end) {
      std::vector<std::uint32_t> positions;
      for (std::size_t i = begin; i < end; ++i) positions.push_back(static_cast<std::uint32_t>(i));
      return positions;
    };
    const std::vector<std::uint32_t> training = part(0, trained);
    const std::vector<std::uint32_t> validation = part(trained, known);
    const auto examples = std::span(book_.examples);
    RECOUP_ASSIGN(schema_, FitFeatureSchema(store_, examples.first(trained), options_.fit));
    RECOUP_ASSIGN(const auto training_inputs, Encode(training));
    RECOUP_ASSIGN(const auto validation_inputs, Encode(validation));
    RECOUP_ASSIGN(TrainedNetwork trained_network,
                  network_.plugin->Train(schema_, {training_inputs, OutcomesOf(book_, training)},
                                         {validation_inputs, OutcomesOf(book_, validation)},
                                         options_.training, {}, observer_.stop));
    if (trained_network.interrupted) return Error{ErrorCode::kCancelled, "stopped in training"};
    ModelArtifact artifact;
    artifact.version = "rolling";
    artifact.weights = std::move(trained_network.weights);
    artifact.schema = schema_;
    artifact.card_json = "{}";
    RECOUP_ASSIGN(predictor_, network_.plugin->MakePredictor(artifact));
    network_day_ = day;
    return {};
  }

  Result<std::vector<EncodedNeighbourhood>> Encode(std::span<const std::uint32_t> loans) {
    std::vector<Example> examples;
    for (const std::uint32_t loan : loans) examples.push_back(book_.examples[loan]);
    const Encoder encoder(schema_, book_.attributes);
    RECOUP_ASSIGN(
        std::vector<EncodedNeighbourhood> inputs,
        EncodeExamples(store_, encoder, options_.fit.sampling, examples, options_.threads));
    for (std::size_t i = 0; i < loans.size(); ++i) {
      inputs[i].context = ContextOfLoan(timeline_, schema_.prior_recovery_rate(), loans[i]);
    }
    return inputs;
  }

  // The mean of the outcomes known on each loan's day: what there is without any model.
  std::vector<double> KnownMeans() const {
    std::vector<double> sums{0.0};
    for (const Example& example : book_.examples) {
      sums.push_back(sums.back() + example.recovery_rate);
    }
    std::vector<double> means;
    for (const std::uint32_t loan : loans_) {
      const std::size_t known = book_.KnownBefore(book_.examples[loan].as_of);
      means.push_back(sums[known] / static_cast<double>(std::max<std::size_t>(known, 1)));
    }
    return means;
  }

  Result<EvaluationTable> Compare() {
    std::vector<Example> all;
    for (const std::uint32_t loan : loans_) all.push_back(book_.examples[loan]);
    std::vector<char> scored;
    PreparedData data;
    data.view = store_.ViewAsOf(Date::Max());
    for (const Example& example : all) {
      scored.push_back(example.as_of >= plan_.scored_from ? 1 : 0);
      if (scored.back() != 0) data.test.push_back(example);
    }
    if (data.test.empty()) {
      return Error{ErrorCode::kInvalidArgument, "no loan was valued in the time to be scored"};
    }
    data.outcomes.test = RecoveryRates(data.test);
    const std::size_t known = book_.KnownBefore(plan_.from);
    data.training.assign(book_.examples.begin(),
                         book_.examples.begin() + static_cast<std::ptrdiff_t>(known));
    data.known_at_once = book_.known_at_once;
    data.not_shown = book_.not_shown;
    data.schema = timeline_.bases.back().schema;
    data.split_description = "rolling: refitted every " + std::to_string(options_.months) +
                             " months from " + plan_.from.ToString() +
                             "; scored are loans valued from " + plan_.scored_from.ToString() +
                             " to before " + plan_.to.ToString();
    Comparison comparison;
    comparison.ShowYears();
    const auto add = [&](std::string name, const std::vector<double>& means, std::string with) {
      comparison.Add(std::move(name), Only(PredictRollingFromMeans(means, all), scored),
                     std::move(with));
    };
    add(row::kMean, KnownMeans(), {});
    add(row::kBoostedOwn, OfMember(Member::kOwnTrees), {});
    std::vector<MemberForecasts> forecasts;
    for (const StepRow& row : rows_) forecasts.push_back(row.forecasts);
    for (std::size_t i = 1; i < kMembers; ++i) {
      const auto member = static_cast<Member>(i);
      if (IsAbsent(member)) {
        comparison.AddAbsent(std::string(MemberName(member)), network_.absent_because);
      } else {
        add(std::string(MemberName(member)), OfMember(member), {});
      }
    }
    Ensemble equal;
    const std::size_t members = IsAbsent(Member::kCredibility) ? kMembers - 1 : kMembers;
    std::fill_n(equal.weights.begin(), members, 1.0 / static_cast<double>(members));
    const std::vector<double> means = MeansOf(equal, forecasts);
    RECOUP_TRY(AddEnsemble(means, all, scored, comparison));
    for (std::size_t i = 0; i < members; ++i) {
      add("ensemble without " + std::string(MemberName(static_cast<Member>(i))),
          MeansOf(equal, forecasts, i), row::kEnsemble);
    }
    comparison.AddNote("XGBoost own: refitted like the ensemble, of which it is the member `" +
                       std::string(MemberName(Member::kOwnTrees)) + "`");
    comparison.AddNote("intervals: calibrated on the newest 1,500 outcomes known on each day");
    return comparison.Finish(store_, data, options_.bootstrap, options_.seeds);
  }

  bool IsAbsent(Member member) const {
    return member == Member::kCredibility && network_.plugin == nullptr;
  }

  std::vector<double> OfMember(Member member) const {
    std::vector<double> means;
    for (const StepRow& row : rows_) {
      means.push_back(row.forecasts.members[static_cast<std::size_t>(member)]);
    }
    return means;
  }

  Result<void> AddEnsemble(const std::vector<double>& means, std::span<const Example> all,
                           std::span<const char> scored, Comparison& comparison) {
    if (network_.plugin == nullptr) {
      comparison.Add(row::kEnsemble, Only(PredictRollingFromMeans(means, all), scored));
      return {};
    }
    std::vector<RecoveryDistribution> shapes;
    for (const StepRow& row : rows_) {
      RECOUP_ASSIGN(const RecoveryDistribution shape, RecoveryDistribution::FromMasses(row.masses));
      shapes.push_back(shape);
    }
    const std::vector<double> seen = MeansOfAll(shapes);
    comparison.Add(row::kNetworkWithBase, Only(PredictRollingFromMeans(seen, all), scored));
    comparison.Add(row::kEnsembleWithoutNetwork, Only(PredictRollingFromMeans(means, all), scored),
                   row::kEnsemble);
    const auto tilted = TiltAll(shapes, BlendForward(means, seen, all));
    // Bands at the thirds of the forecasts of the time that is not scored.
    std::vector<RecoveryDistribution> early;
    std::vector<Example> early_loans;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (scored[i] != 0) continue;
      early.push_back(tilted[i]);
      early_loans.push_back(all[i]);
    }
    RollingCalibration calibration = CalibrateRolling(ScoresOf(early, early_loans));
    calibration.scores.clear();  // PredictRolling adds those of all loans
    RECOUP_ASSIGN(const ModelPredictions predictions, PredictRolling(tilted, all, calibration));
    comparison.Add(row::kEnsemble, Only(predictions, scored));
    return {};
  }

  // The network's share in each step is what the outcomes known by then would have asked for.
  std::vector<double> BlendForward(std::span<const double> means, std::span<const double> seen,
                                   std::span<const Example> all) const {
    std::vector<double> blended(means.begin(), means.end());
    for (std::size_t step = 0; step < plan_.steps.size(); ++step) {
      const Date day = plan_.steps[step];
      const Date next = step + 1 < plan_.steps.size() ? plan_.steps[step + 1] : Date::Max();
      std::vector<double> outcomes;
      std::vector<double> first;
      std::vector<double> second;
      for (std::size_t i = 0; i < all.size(); ++i) {
        const Date known_at = all[i].outcome_known_at;
        if (known_at >= day || known_at < PlusMonths(day, -kMonthsForShare)) continue;
        outcomes.push_back(all[i].recovery_rate);
        first.push_back(means[i]);
        second.push_back(seen[i]);
      }
      const double share =
          outcomes.size() < kFewestForShare ? 0.0 : ShareOfSecond(outcomes, first, second);
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].as_of < day || all[i].as_of >= next) continue;
        blended[i] = (1.0 - share) * means[i] + share * seen[i];
      }
    }
    return blended;
  }

  static ModelPredictions Only(const ModelPredictions& all, std::span<const char> scored) {
    ModelPredictions kept;
    const std::size_t levels = all.quantiles.size() / std::max<std::size_t>(all.mean.size(), 1);
    for (std::size_t i = 0; i < scored.size(); ++i) {
      if (scored[i] == 0) continue;
      kept.mean.push_back(all.mean[i]);
      kept.lower.push_back(all.lower[i]);
      kept.upper.push_back(all.upper[i]);
      const auto begin = all.quantiles.begin() + static_cast<std::ptrdiff_t>(i * levels);
      kept.quantiles.insert(kept.quantiles.end(), begin,
                            begin + static_cast<std::ptrdiff_t>(levels));
    }
    return kept;
  }

  const graph::GraphStore& store_;
  const NetworkSource& network_;
  const RollingOptions& options_;
  const Observer& observer_;
  LoanBook book_;
  Schedule plan_;
  TimelineOptions walk_;
  std::size_t first_base_ = 0;  // of the walk's bases, the one of the first step
  Timeline timeline_;
  FeatureSchema schema_;  // of the network at hand
  std::unique_ptr<Predictor> predictor_;
  Date network_day_;
  std::vector<std::uint32_t> loans_;  // forecast so far
  std::vector<StepRow> rows_;         // of loans_
};

}  // namespace

Result<EvaluationTable> EvaluateRolling(const graph::GraphStore& store,
                                        const NetworkSource& network, const RollingOptions& options,
                                        const Observer& observer) {
  return Rolling(store, network, options, observer).Run();
}

}  // namespace recoup::model
