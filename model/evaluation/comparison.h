// Gathers models' predictions for one test slice and turns them into an EvaluationTable.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/evaluation/bootstrap.h"
#include "model/evaluation/evaluation_table.h"
#include "model/evaluation/model_predictions.h"
#include "model/evaluation/prepared_data.h"

namespace recoup::model {

/// Which row is looked at segment by segment, and by what.
struct SegmentOptions {
  /// Empty: the row `ensemble` if there is one, else the row with the highest R2.
  std::string model;
  /// Categories of the loan; none: those of at most 16 words. Size and years always divide.
  std::vector<std::string> attributes;
  std::size_t fewest_loans = 50;  // smaller segments are pooled
};

/// Threads: one at a time.
class Comparison {
 public:
  /// The row is measured against XGBoost own, `mean`, and the row `compared_with`; if that is
  /// empty, `X without Y` and `X with shuffled Y` are measured against `X`.
  void Add(std::string model, ModelPredictions predictions, std::string compared_with = {});
  void AddAbsent(std::string model, std::string reason);
  /// A note that begins with `ALARM: ` becomes an alarm.
  void AddNote(std::string note);
  void SetSegments(SegmentOptions segments);
  /// The table's series will hold R2 by valuation year of every row with figures.
  void ShowYears() { shows_years_ = true; }

  /// Measures every model against the test part of `data`, which was read from `store`.
  /// Errors: those of ChooseClusters and LabelSegments.
  Result<EvaluationTable> Finish(const graph::GraphStore& store, const PreparedData& data,
                                 const BootstrapOptions& bootstrap, int seeds) const;

 private:
  struct Entry {
    std::string model;
    std::optional<ModelPredictions> predictions;
    std::string absent_because;
    std::string compared_with;
  };
  struct Measure;

  const Entry* Find(std::string_view model) const;
  EvaluationRow RowOf(const Entry& entry, const Measure& measure) const;
  std::optional<RowComparison> Compare(const Entry& entry, std::string_view other,
                                       const Measure& measure) const;
  void AddYears(const PreparedData& data, EvaluationTable& table) const;
  Result<void> AddSegments(const graph::GraphStore& store, const PreparedData& data,
                           EvaluationTable& table) const;

  std::vector<Entry> entries_;
  std::vector<std::string> notes_;
  SegmentOptions segments_;
  bool shows_years_ = false;
};

}  // namespace recoup::model
