// Gathers models' predictions for one test slice and turns them into an EvaluationTable.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/evaluation/bootstrap.h"
#include "model/evaluation/evaluation_table.h"
#include "model/evaluation/model_predictions.h"
#include "model/evaluation/prepared_data.h"

namespace recoup::model {

/// Threads: one at a time.
class Comparison {
 public:
  void Add(std::string model, ModelPredictions predictions);
  void AddAbsent(std::string model, std::string reason);
  void AddNote(std::string note);

  /// Measures every model against the test part of `data`, which was read from `store`, and
  /// against XGBoost own.
  /// Errors: those of ChooseClusters.
  Result<EvaluationTable> Finish(const graph::GraphStore& store, const PreparedData& data,
                                 const BootstrapOptions& bootstrap, int seeds) const;

 private:
  struct Entry {
    std::string model;
    std::optional<ModelPredictions> predictions;
    std::string absent_because;
  };

  const Entry* Find(std::string_view model) const;

  std::vector<Entry> entries_;
  std::vector<std::string> notes_;
};

}  // namespace recoup::model
