#include "model/evaluation/comparison.h"

#include <utility>

namespace recoup::model {
namespace {

/// Recovery is not more predictable than this before default; see docs/evaluation.md.
constexpr double kUnbelievable = 0.5;

std::vector<std::string> NotesOn(const PreparedData& data) {
  std::vector<std::string> notes;
  if (data.dates && data.test_valued_too_early > 0) {
    notes.push_back(
        "test loans valued before the last outcome of training and validation was known (a longer "
        "embargo avoids this): " +
        std::to_string(data.test_valued_too_early));
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

}  // namespace

void Comparison::Add(std::string model, ModelPredictions predictions) {
  entries_.push_back({std::move(model), std::move(predictions), {}});
}

void Comparison::AddAbsent(std::string model, std::string reason) {
  entries_.push_back({std::move(model), std::nullopt, std::move(reason)});
}

void Comparison::AddNote(std::string note) { notes_.push_back(std::move(note)); }

const Comparison::Entry* Comparison::Find(std::string_view model) const {
  for (const Entry& entry : entries_) {
    if (entry.model == model) return &entry;
  }
  return nullptr;
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
  const Entry* baseline = Find(row::kBoostedOwn);
  for (const Entry& entry : entries_) {
    EvaluationRow& line = table.rows.emplace_back();
    line.model = entry.model;
    line.absent_because = entry.absent_because;
    if (!entry.predictions) continue;
    line.figures = MeasureFigures(data.outcomes.test, *entry.predictions);
    if (line.figures->r_squared > kUnbelievable) {
      table.notes.push_back(
          "ALARM: R2 above 0.5 is not believable before default; look for a "
          "leak: " +
          entry.model);
    }
    if (&entry == baseline) {
      line.verdict = "the baseline";
    } else if (baseline != nullptr && baseline->predictions) {
      line.difference = BootstrapR2Difference({data.outcomes.test, entry.predictions->mean,
                                               baseline->predictions->mean, clusters.of_loan},
                                              bootstrap);
      line.verdict = VerdictOf(*line.difference);
    }
  }
  return table;
}

}  // namespace recoup::model
