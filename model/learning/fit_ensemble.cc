#include "model/learning/fit_ensemble.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "model/learning/credibility_case.h"

namespace recoup::model {
namespace {

constexpr std::array<const char*, kNearestColumns> kNearestNames = {
    "nearest16.outcome", "nearest64.outcome", "nearest16.residual", "nearest64.residual"};

// Rows of the book's tables for some loans, joined: what trees are grown on.
class Joiner {
 public:
  explicit Joiner(std::span<const std::uint32_t> loans) : loans_(loans) {}

  // `own` has one row a loan of `loans`; the others one a loan of the book.
  void AddOwn(const Table& own) { Add(own, false); }
  void Add(const Table& of_book) { Add(of_book, true); }

  Table Join() const {
    Table joined;
    for (const Part& part : parts_) {
      joined.columns.insert(joined.columns.end(), part.table->columns.begin(),
                            part.table->columns.end());
    }
    joined.values.reserve(loans_.size() * joined.columns.size());
    for (std::size_t i = 0; i < loans_.size(); ++i) {
      for (const Part& part : parts_) {
        const std::size_t width = part.table->columns.size();
        const std::size_t row = part.of_book ? loans_[i] : i;
        const auto begin = part.table->values.begin() + static_cast<std::ptrdiff_t>(row * width);
        joined.values.insert(joined.values.end(), begin,
                             begin + static_cast<std::ptrdiff_t>(width));
      }
    }
    return joined;
  }

 private:
  struct Part {
    const Table* table = nullptr;
    bool of_book = false;
  };
  void Add(const Table& table, bool of_book) {
    if (!table.columns.empty()) parts_.push_back({&table, of_book});
  }

  std::span<const std::uint32_t> loans_;
  std::vector<Part> parts_;
};

Table NearestTable(const Timeline& timeline) {
  Table table;
  table.columns.assign(kNearestNames.begin(), kNearestNames.end());
  table.values.reserve(timeline.nearest.size() * kNearestColumns);
  for (const auto& row : timeline.nearest) {
    table.values.insert(table.values.end(), row.begin(), row.end());
  }
  return table;
}

// Loans with a time-forward expectation by a model: the running mean of the earliest is none.
std::vector<std::uint32_t> WithResidual(const FittingTask& task,
                                        std::span<const std::uint32_t> loans) {
  std::vector<std::uint32_t> kept;
  for (const std::uint32_t loan : loans) {
    const bool by_model = task.book.examples[loan].as_of >= task.walk.cuts.front();
    if (by_model && !std::isnan(task.timeline.expected[loan])) kept.push_back(loan);
  }
  return kept;
}

std::vector<double> ResidualsOf(const FittingTask& task, std::span<const std::uint32_t> loans) {
  std::vector<double> residuals;
  residuals.reserve(loans.size());
  for (const std::uint32_t loan : loans) {
    residuals.push_back(task.book.examples[loan].recovery_rate -
                        static_cast<double>(task.timeline.expected[loan]));
  }
  return residuals;
}

class Fitting {
 public:
  Fitting(const FittingTask& task, const Observer& observer)
      : task_(task),
        observer_(observer),
        learnt_(LearntBefore(task.book, task.walk, task.day)),
        outcomes_(OutcomesOf(task.book, learnt_)) {}

  Result<FittedEnsemble> Run() {
    const BaseModel& base = task_.timeline.bases[task_.base];
    FittedEnsemble fitted{{}, base.schema};
    Ensemble& ensemble = fitted.ensemble;
    ensemble.relations = task_.timeline.relations;
    ensemble.history_relations = task_.timeline.history_relations;
    ensemble.own_trees = base.trees;
    ensemble.own_ridge = base.ridge;
    ensemble.metric = MetricOf(base.trees.front());
    ensemble.labels_before = task_.day;
    ensemble.weights.fill(1.0 / static_cast<double>(kMembers));
    const EncodedLoans own = EncodeLoans(task_.book, base.schema, learnt_);
    RECOUP_TRY(GrowMembers(base, own, &ensemble));
    RECOUP_TRY(FitResiduals(&ensemble));
    if (task_.plugin != nullptr) RECOUP_TRY(FitCredibility(&fitted));
    if (ensemble.credibility.empty()) {
      ensemble.weights.fill(1.0 / static_cast<double>(kMembers - 1));
      ensemble.weights.back() = 0.0;
    }
    return fitted;
  }

 private:
  Result<void> GrowMembers(const BaseModel& base, const EncodedLoans& own, Ensemble* ensemble) {
    RECOUP_TRY(observer_.Enter("growing the trees of the members"));
    const Table nearest = NearestTable(task_.timeline);
    const Table relational = Join(own, {&task_.timeline.outcome, &task_.timeline.residual});
    const Table retrieved = Join(own, {&task_.timeline.residual, &nearest});
    std::vector<Growing> wanted = {{&relational, &ensemble->relational_trees},
                                   {&retrieved, &ensemble->nearest_trees}};
    EnsembleOptions options = task_.walk.ensemble;
    options.boosting.max_depth = base.depth;
    // The walk may have grown fewer seeds than the ensemble wants.
    if (base.trees.size() != static_cast<std::size_t>(options.seeds)) {
      wanted.push_back({&own.table, &ensemble->own_trees});
    }
    return GrowAll(wanted, outcomes_, options, observer_.stop);
  }

  Table Join(const EncodedLoans& own, std::initializer_list<const Table*> others) const {
    Joiner joiner(learnt_);
    joiner.AddOwn(own.table);
    for (const Table* table : others) joiner.Add(*table);
    return joiner.Join();
  }

  Result<void> FitResiduals(Ensemble* ensemble) {
    const std::vector<std::uint32_t> loans = WithResidual(task_, learnt_);
    if (loans.empty() || task_.timeline.residual.columns.empty()) return {};
    Joiner joiner(loans);
    joiner.Add(task_.timeline.residual);
    RECOUP_ASSIGN(ensemble->residual_ridge, RidgeProblem(joiner.Join(), ResidualsOf(task_, loans))
                                                .Solve(task_.walk.ensemble.ridge_penalty));
    return {};
  }

  Result<void> FitCredibility(FittedEnsemble* fitted) {
    RECOUP_TRY(observer_.Enter("credibility network"));
    const std::vector<std::uint32_t> loans = WithResidual(task_, learnt_);
    fitted->ensemble.message_relations = MessageRelations(task_.timeline, learnt_);
    fitted->ensemble.variant = task_.credibility.variant;
    if (loans.empty() || fitted->ensemble.message_relations.empty()) return {};
    const CredibilityCase made = MakeCredibilityCase(task_, *fitted, loans);
    const std::vector<double> targets = ResidualsOf(task_, loans);
    for (int i = 0; i < task_.walk.ensemble.seeds; ++i) {
      CredibilityOptions options = task_.credibility;
      options.seed += static_cast<std::uint64_t>(i);
      options.threads = task_.walk.ensemble.threads;
      RECOUP_ASSIGN(TensorMap weights,
                    task_.plugin->TrainCredibility({&made.rows, &made.inputs, targets}, options, {},
                                                   observer_.stop));
      fitted->ensemble.credibility.push_back(std::move(weights));
    }
    return {};
  }

  const FittingTask& task_;
  const Observer& observer_;
  std::vector<std::uint32_t> learnt_;
  std::vector<double> outcomes_;
};

}  // namespace

std::vector<float> ContextOfLoan(const Timeline& timeline, double prior, std::uint32_t loan) {
  const std::size_t width = timeline.residual.columns.size();
  const float expected = timeline.expected[loan];
  return NetworkContext(std::isnan(expected) ? prior : static_cast<double>(expected),
                        std::span(timeline.residual.values).subspan(loan * width, width));
}

Result<FittedEnsemble> FitEnsemble(const FittingTask& task, const Observer& observer) {
  return Fitting(task, observer).Run();
}

Result<std::vector<MemberForecasts>> ForecastLoans(const FittingTask& task,
                                                   const FittedEnsemble& fitted,
                                                   std::span<const std::uint32_t> loans) {
  RECOUP_ASSIGN(const std::vector<double> corrections, CredibilityCorrections(task, fitted, loans));
  const EncodedLoans own = EncodeLoans(task.book, fitted.schema, loans);
  const Timeline& timeline = task.timeline;
  const auto row = [](const Table& table, std::size_t i) {
    return std::span(table.values).subspan(i * table.columns.size(), table.columns.size());
  };
  std::vector<MemberForecasts> forecasts;
  forecasts.reserve(loans.size());
  for (std::size_t i = 0; i < loans.size(); ++i) {
    const std::uint32_t loan = loans[i];
    forecasts.push_back(ForecastMembers(
        fitted.ensemble,
        {row(own.table, i), row(timeline.outcome, loan), row(timeline.residual, loan),
         timeline.nearest[loan], timeline.has_history[loan] != 0, corrections[i]}));
  }
  return forecasts;
}

}  // namespace recoup::model
