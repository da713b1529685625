#include "model/evaluation/leak_check.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "graph/schema/node_kind.h"
#include "model/evaluation/boosted_model.h"
#include "model/evaluation/metrics.h"

namespace recoup::model {
namespace {

struct Fitness {
  double validation = 0.0;
  double test = 0.0;
};

/// Fits XGBoost on chosen attributes of one data set, always in the same way.
class Trial {
 public:
  Trial(const SplitTables& tables, const SplitOutcomes& outcomes, const Observer& observer)
      : tables_(tables), outcomes_(outcomes), observer_({{}, observer.stop}) {}

  Result<void> Tune(const BoostingOptions& base, const AttributeFilter& keep) {
    RECOUP_ASSIGN(options_,
                  TuneBoosting(SelectAttributes(tables_, keep), outcomes_, base, observer_));
    return {};
  }

  Result<Fitness> Measure(const AttributeFilter& keep) const {
    const SplitTables selected = SelectAttributes(tables_, keep);
    if (selected.training.columns.empty()) return Fitness{};  // as good as the mean
    RECOUP_ASSIGN(const MeanPredictions means,
                  PredictBoosted(selected, outcomes_, *options_, 1, observer_));
    return Fitness{RSquared(outcomes_.validation, means.validation),
                   RSquared(outcomes_.test, means.test)};
  }

 private:
  const SplitTables& tables_;
  const SplitOutcomes& outcomes_;
  Observer observer_;
  std::optional<BoostingOptions> options_;
};

std::vector<std::string> ForbiddenAttributes(const graph::GraphView& view) {
  std::vector<std::string> names;
  for (const graph::AttributeDefinition& definition : view.Attributes()) {
    const bool of_loans = definition.owner == graph::AttributeOwner(graph::NodeKind::kLoan);
    if (of_loans && definition.role == graph::AttributeRole::kForbidden) {
      names.push_back(definition.name);
    }
  }
  return names;
}

bool Contains(std::span<const std::string> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Result<LeakFinding> MeasureOne(const Trial& trial, std::string_view attribute, bool is_input,
                               std::span<const std::string> forbidden, const Fitness& all) {
  const auto changed = [&](std::string_view name) {
    return name == attribute ? !is_input : !Contains(forbidden, name);
  };
  RECOUP_ASSIGN(const Fitness other, trial.Measure(changed));
  RECOUP_ASSIGN(const Fitness alone,
                trial.Measure([&](std::string_view name) { return name == attribute; }));
  const double sign = is_input ? 1.0 : -1.0;
  return LeakFinding{.attribute = std::string(attribute),
                     .is_input = is_input,
                     .lift_validation = sign * (all.validation - other.validation),
                     .lift_test = sign * (all.test - other.test),
                     .alone_validation = alone.validation,
                     .flagged = false};
}

// Each figure is compared on its own, so that one that is not defined silences no other.
void NoteUndefined(const Fitness& all, std::vector<std::string>& notes) {
  const auto note = [&notes](double figure, const char* part) {
    if (!std::isnan(figure)) return;
    notes.push_back(std::string("not judged on ") + part +
                    ": R2 is not defined where all outcomes are the same");
  };
  note(all.validation, "validation");
  note(all.test, "test");
}

// The features of other kinds enter through the neighbourhood, and no column here shows them.
void NoteOtherKinds(const FeatureSchema& schema, std::vector<std::string>& notes) {
  std::size_t count = 0;
  std::string kinds;
  for (const KindFeatures& kind : schema.kinds()) {
    const std::size_t features = kind.numeric.size() + kind.categories.size();
    if (kind.kind == graph::NodeKind::kLoan || features == 0) continue;
    count += features;
    if (!kinds.empty()) kinds += ", ";
    kinds += std::string(graph::NodeKindName(kind.kind)) + " " + std::to_string(features);
  }
  if (count == 0) return;
  notes.push_back("not measured, because they are not of the loan itself: " +
                  std::to_string(count) + " attributes of other kinds (" + kinds + ")");
}

}  // namespace

Result<LeakReport> MeasureLeaks(const SplitTables& tables, const SplitOutcomes& outcomes,
                                std::span<const std::string> forbidden,
                                const LeakCheckOptions& options, const Observer& observer) {
  Trial trial(tables, outcomes, observer);
  const auto is_input = [&](std::string_view name) { return !Contains(forbidden, name); };
  RECOUP_TRY(observer.Enter("leak check: tuning"));
  RECOUP_TRY(trial.Tune(options.boosting, is_input));
  RECOUP_ASSIGN(const Fitness all, trial.Measure(is_input));
  LeakReport report;
  report.validation_r_squared = all.validation;
  report.test_r_squared = all.test;
  report.alarm = all.validation > options.alarm_r_squared || all.test > options.alarm_r_squared;
  NoteUndefined(all, report.notes);
  report.lift_threshold = options.lift_threshold;
  const std::vector<std::string> attributes = AttributesOf(tables.training);
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    RECOUP_TRY(observer.Enter("leak check: attributes", i, attributes.size()));
    RECOUP_ASSIGN(LeakFinding finding,
                  MeasureOne(trial, attributes[i], is_input(attributes[i]), forbidden, all));
    finding.flagged = finding.lift_validation > options.lift_threshold ||
                      finding.lift_test > options.lift_threshold ||
                      finding.alone_validation > options.alarm_r_squared;
    report.findings.push_back(finding);
  }
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [](const LeakFinding& a, const LeakFinding& b) {
                     if (std::isnan(b.lift_validation)) return !std::isnan(a.lift_validation);
                     return a.lift_validation > b.lift_validation;
                   });
  return report;
}

Result<LeakReport> CheckLeaks(const graph::GraphStore& store, const SplitOptions& split,
                              const FitOptions& fit, const LeakCheckOptions& options,
                              const Observer& observer) {
  RECOUP_ASSIGN(const graph::StoreStatistics statistics, store.Statistics());
  const std::vector<std::string> stored =
      ForbiddenAttributes(*store.ViewAsOf(statistics.latest_known_at));
  FitOptions with_forbidden = fit;
  std::vector<std::string> forbidden;  // what the caller allowed is an input
  for (const std::string& name : stored) {
    if (Contains(fit.allow_forbidden, name)) continue;
    forbidden.push_back(name);
    with_forbidden.allow_forbidden.push_back(name);
  }
  RECOUP_ASSIGN(const PreparedData data, PrepareData(store, split, with_forbidden, observer));
  RECOUP_TRY(observer.Enter("own features"));
  SplitTables tables;
  RECOUP_ASSIGN(tables.training, OwnFeatureTable(store, data.schema, data.training));
  RECOUP_ASSIGN(tables.validation, OwnFeatureTable(store, data.schema, data.validation));
  RECOUP_ASSIGN(tables.test, OwnFeatureTable(store, data.schema, data.test));
  RECOUP_ASSIGN(LeakReport report,
                MeasureLeaks(tables, data.outcomes, forbidden, options, observer));
  const std::vector<std::string> measured = AttributesOf(tables.training);
  for (const std::string& name : forbidden) {
    if (Contains(measured, name)) continue;
    report.notes.push_back(
        "not measured, because it is text or has no varying value as of the "
        "valuation dates of training: " +
        name);
  }
  NoteOtherKinds(data.schema, report.notes);
  return report;
}

}  // namespace recoup::model
