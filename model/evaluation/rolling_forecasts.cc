#include "model/evaluation/rolling_forecasts.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "model/artifact/sha256.h"
#include "model/evaluation/network_run.h"
#include "model/features/encode_examples.h"
#include "model/learning/fit_ensemble.h"

#ifndef RECOUP_VERSION
#define RECOUP_VERSION "unknown"
#endif

namespace recoup::model {
namespace {

constexpr std::size_t kFewestForNetwork = 100;

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

class Rolling {
 public:
  Rolling(const graph::GraphStore& store, const NetworkSource& network,
          const RollingOptions& options, const Observer& observer)
      : store_(store), network_(network), options_(options), observer_(observer) {}

  Result<RollingForecasts> Run() {
    RECOUP_TRY(observer_.Enter("reading resolved loans"));
    RECOUP_ASSIGN(made_.book, ReadLoanBook(store_));
    if (made_.book.size() == 0) {
      return Error{ErrorCode::kFailedPrecondition,
                   "the store knows no outcome; ingest resolved loans first"};
    }
    RECOUP_ASSIGN(made_.plan, PlanRolling(made_.book, options_));
    const std::vector<Date>& steps = made_.plan.steps;
    walk_.ensemble = options_.ensemble;
    walk_.ensemble.seeds = options_.seeds;
    walk_.ensemble.threads = options_.threads;
    walk_.ensemble.fit = options_.fit;
    walk_.cuts = YearlyCuts(made_.book, made_.plan.from);
    first_base_ = walk_.cuts.size() - 1;
    walk_.cuts.insert(walk_.cuts.end(), steps.begin() + 1, steps.end());
    RECOUP_ASSIGN(timeline_, WalkForward(made_.book, walk_, observer_));
    RECOUP_ASSIGN(const graph::StoreStatistics statistics, store_.Statistics());
    made_.checkpoint = Checkpoint(options_.checkpoint, Fingerprint(statistics));
    for (std::size_t step = 0; step < steps.size(); ++step) {
      RECOUP_TRY(observer_.Enter("rolling", step, steps.size()));
      RECOUP_TRY(TakeStep(step));
    }
    made_.schema = timeline_.bases.back().schema;
    return std::move(made_);
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
    for (const Example& example : made_.book.examples) {
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
    return text + " " + made_.plan.from.ToString() + " " + made_.plan.to.ToString();
  }

  Result<void> TakeStep(std::size_t step) {
    const Date day = made_.plan.steps[step];
    std::vector<std::uint32_t> loans;
    for (std::uint32_t loan = 0; loan < made_.book.size(); ++loan) {
      const Date valued = made_.book.examples[loan].as_of;
      if (valued >= day && valued < made_.plan.EndOf(step)) loans.push_back(loan);
    }
    std::vector<StepRow> rows;
    const auto kept = made_.checkpoint.Read(day.ToString());
    if (kept && kept->size() == loans.size() * StepRow::kNumbers) {
      rows = Unflatten(*kept);
    } else {
      RECOUP_ASSIGN(rows, Forecast(step, loans));
      RECOUP_TRY(made_.checkpoint.Write(day.ToString(), Flatten(rows)));
    }
    made_.loans.insert(made_.loans.end(), loans.begin(), loans.end());
    for (const StepRow& row : rows) {
      made_.members.push_back(row.forecasts);
      if (network_.plugin == nullptr) continue;
      RECOUP_ASSIGN(const RecoveryDistribution shape, RecoveryDistribution::FromMasses(row.masses));
      made_.shapes.push_back(shape);
    }
    return {};
  }

  // Within a step nothing is reported: the bar counts steps.
  Observer Quietly() const { return {{}, observer_.stop}; }

  Result<std::vector<StepRow>> Forecast(std::size_t step, std::span<const std::uint32_t> loans) {
    const FittingTask task{
        made_.book,      timeline_,           walk_, first_base_ + step, made_.plan.steps[step],
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
    const Date day = PlusMonths(made_.plan.steps[step], -age);
    if (predictor_ != nullptr && day == network_day_) return {};
    const std::size_t known = made_.book.KnownBefore(day);
    std::size_t trained = made_.book.KnownBefore(PlusMonths(day, -12));
    if (trained < kFewestForNetwork || known - trained < kFewestForNetwork) trained = known * 4 / 5;
    const auto part = [&](std::size_t begin, std::size_t end) {
      std::vector<std::uint32_t> positions;
      for (std::size_t i = begin; i < end; ++i) positions.push_back(static_cast<std::uint32_t>(i));
      return positions;
    };
    const std::vector<std::uint32_t> training = part(0, trained);
    const std::vector<std::uint32_t> validation = part(trained, known);
    const auto examples = std::span(made_.book.examples);
    RECOUP_ASSIGN(schema_, FitFeatureSchema(store_, examples.first(trained), options_.fit));
    RECOUP_ASSIGN(const auto training_inputs, Encode(training));
    RECOUP_ASSIGN(const auto validation_inputs, Encode(validation));
    RECOUP_ASSIGN(
        TrainedNetwork trained_network,
        network_.plugin->Train(schema_, {training_inputs, OutcomesOf(made_.book, training)},
                               {validation_inputs, OutcomesOf(made_.book, validation)},
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
    for (const std::uint32_t loan : loans) examples.push_back(made_.book.examples[loan]);
    const Encoder encoder(schema_, made_.book.attributes);
    RECOUP_ASSIGN(
        std::vector<EncodedNeighbourhood> inputs,
        EncodeExamples(store_, encoder, options_.fit.sampling, examples, options_.threads));
    for (std::size_t i = 0; i < loans.size(); ++i) {
      inputs[i].context = ContextOfLoan(timeline_, schema_.prior_recovery_rate(), loans[i]);
    }
    return inputs;
  }

  const graph::GraphStore& store_;
  const NetworkSource& network_;
  const RollingOptions& options_;
  const Observer& observer_;
  RollingForecasts made_;
  TimelineOptions walk_;
  std::size_t first_base_ = 0;  // of the walk's bases, the one of the first step
  Timeline timeline_;
  FeatureSchema schema_;  // of the network at hand
  std::unique_ptr<Predictor> predictor_;
  Date network_day_;
};

}  // namespace

Result<RollingForecasts> ForecastRolling(const graph::GraphStore& store,
                                         const NetworkSource& network,
                                         const RollingOptions& options, const Observer& observer) {
  return Rolling(store, network, options, observer).Run();
}

}  // namespace recoup::model
