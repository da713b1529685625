#include "model/evaluation/comparison.h"

#include <cmath>
#include <cstdint>
#include <map>
#include <span>
#include <utility>

#include "model/evaluation/alarms.h"
#include "model/evaluation/metrics.h"
#include "model/evaluation/row_names.h"

namespace recoup::model {
namespace {

constexpr std::string_view kAlarmPrefix = "ALARM: ";

std::vector<std::string> NotesOn(const PreparedData& data) {
  std::vector<std::string> notes;
  if (data.dates && data.test_valued_too_early > 0) {
    notes.push_back(
        "test loans valued before the last outcome of training and validation was known (a longer "
        "embargo avoids this): " +
        std::to_string(data.test_valued_too_early));
  }
  if (data.is_at_random) {
    notes.push_back(std::string(kAlarmPrefix) +
                    "the split is at random: it shows how well loans of the "
                    "same time are told apart, not how well later ones are forecast");
  }
  if (data.known_at_once > 0) {
    notes.push_back("left out, because their outcome was known on the day of valuation: " +
                    std::to_string(data.known_at_once) + " loans");
  }
  if (data.not_shown > 0) {
    notes.push_back("left out, because they were not known on the day of valuation: " +
                    std::to_string(data.not_shown) + " loans");
  }
  return notes;
}

std::string ModelWithHighestR2(const EvaluationTable& table) {
  const EvaluationRow* best = nullptr;
  for (const EvaluationRow& row : table.rows) {
    if (!row.figures || std::isnan(row.figures->r_squared)) continue;
    if (best == nullptr || row.figures->r_squared > best->figures->r_squared) best = &row;
  }
  return best == nullptr ? std::string() : best->model;
}

void TurnNotesIntoAlarms(EvaluationTable& table) {
  std::erase_if(table.notes, [&](const std::string& note) {
    if (!note.starts_with(kAlarmPrefix)) return false;
    table.alarms.push_back({AlarmKind::kNoted, {}, note.substr(kAlarmPrefix.size())});
    return true;
  });
}

}  // namespace

/// What every row is measured with.
struct Comparison::Measure {
  std::span<const double> outcomes;
  std::span<const std::uint64_t> clusters;
  const BootstrapOptions& bootstrap;
};

void Comparison::Add(std::string model, ModelPredictions predictions, std::string compared_with) {
  entries_.push_back({std::move(model), std::move(predictions), {}, std::move(compared_with)});
}

void Comparison::AddAbsent(std::string model, std::string reason) {
  entries_.push_back({std::move(model), std::nullopt, std::move(reason), {}});
}

void Comparison::AddNote(std::string note) { notes_.push_back(std::move(note)); }

void Comparison::SetSegments(SegmentOptions segments) { segments_ = std::move(segments); }

const Comparison::Entry* Comparison::Find(std::string_view model) const {
  for (const Entry& entry : entries_) {
    if (entry.model == model) return &entry;
  }
  return nullptr;
}

std::optional<RowComparison> Comparison::Compare(const Entry& entry, std::string_view other,
                                                 const Measure& measure) const {
  const Entry* baseline = Find(other);
  if (baseline == nullptr || baseline == &entry || !baseline->predictions) return std::nullopt;
  return RowComparison{std::string(other),
                       BootstrapR2Difference({measure.outcomes, entry.predictions->mean,
                                              baseline->predictions->mean, measure.clusters},
                                             measure.bootstrap),
                       BootstrapCrpsDifference({measure.outcomes, entry.predictions->quantiles,
                                                baseline->predictions->quantiles, measure.clusters},
                                               measure.bootstrap)};
}

EvaluationRow Comparison::RowOf(const Entry& entry, const Measure& measure) const {
  EvaluationRow line;
  line.model = entry.model;
  line.absent_because = entry.absent_because;
  if (!entry.predictions) return line;
  line.figures = MeasureFigures(measure.outcomes, *entry.predictions);
  line.curves = MeasureCurves(measure.outcomes, *entry.predictions);
  if (entry.model == row::kBoostedOwn) {
    line.verdict = "the baseline";
  } else if (const auto own = Compare(entry, row::kBoostedOwn, measure)) {
    line.difference = own->r_squared;
    line.crps_difference = own->crps;
    line.verdict = VerdictOf(own->r_squared);
  }
  line.to_mean = Compare(entry, row::kMean, measure);
  std::string second = entry.compared_with;
  if (second.empty()) {
    if (const auto ablation = AblationOf(entry.model)) second = ablation->base;
  }
  line.to_second = Compare(entry, second, measure);
  return line;
}

Result<void> Comparison::AddSegments(const graph::GraphStore& store, const PreparedData& data,
                                     EvaluationTable& table) const {
  std::string model = segments_.model;
  if (model.empty() && Find(row::kEnsemble) != nullptr) model = row::kEnsemble;
  if (model.empty()) model = ModelWithHighestR2(table);
  const Entry* entry = Find(model);
  if (entry == nullptr || !entry->predictions) return {};
  const std::vector<std::string> attributes =
      segments_.attributes.empty() ? CategoriesToDivideBy(data.schema) : segments_.attributes;
  RECOUP_ASSIGN(const std::vector<SegmentLabels> divisions,
                LabelSegments(store, data.test, attributes));
  table.segmented_model = std::move(model);
  table.segments =
      MeasureSegments(data.outcomes.test, *entry->predictions, divisions, segments_.fewest_loans);
  return {};
}

void Comparison::AddYears(const PreparedData& data, EvaluationTable& table) const {
  std::map<int, std::vector<std::size_t>> years;
  for (std::size_t i = 0; i < data.test.size(); ++i) years[data.test[i].as_of.year()].push_back(i);
  for (const Entry& entry : entries_) {
    if (!entry.predictions) continue;
    for (const auto& [year, loans] : years) {
      std::vector<double> outcomes;
      std::vector<double> means;
      for (const std::size_t i : loans) {
        outcomes.push_back(data.outcomes.test[i]);
        means.push_back(entry.predictions->mean[i]);
      }
      table.series.push_back({entry.model, year, RSquared(outcomes, means), loans.size()});
    }
  }
}

Result<EvaluationTable> Comparison::Finish(const graph::GraphStore& store, const PreparedData& data,
                                           const BootstrapOptions& bootstrap, int seeds) const {
  RECOUP_ASSIGN(const Clusters clusters,
                ChooseClusters(store, data.test, bootstrap.fewest_clusters));
  EvaluationTable table;
  table.split_description = data.split_description;
  table.dates = data.dates;
  table.sizes = {data.training.size(), data.validation.size(), data.test.size(), data.left_out};
  table.seeds = seeds;
  table.clusters = clusters.count;
  table.cluster_unit = clusters.unit;
  table.bootstrap_draws = bootstrap.draws;
  table.notes = NotesOn(data);
  table.notes.insert(table.notes.end(), notes_.begin(), notes_.end());
  const Measure measure{data.outcomes.test, clusters.of_loan, bootstrap};
  for (const Entry& entry : entries_) table.rows.push_back(RowOf(entry, measure));
  RECOUP_TRY(AddSegments(store, data, table));
  if (shows_years_) AddYears(data, table);
  table.alarms = FindAlarms(table);
  TurnNotesIntoAlarms(table);
  return table;
}

}  // namespace recoup::model
