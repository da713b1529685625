// Compares every model on the same loans: simple ones, boosted trees, and the network with and
// without its graph.
#pragma once

#include <string>

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/boosting/gradient_boosting.h"
#include "model/evaluation/bootstrap.h"
#include "model/evaluation/evaluation_table.h"
#include "model/evaluation/prepared_data.h"
#include "model/evaluation/scenario.h"
#include "model/features/encoder.h"
#include "model/learning/base_model.h"
#include "model/learning/observer.h"
#include "model/predictor/network_plugin.h"
#include "model/predictor/predictor.h"

namespace recoup::model {

/// Where the rows about the network come from. Without any, they are absent and say why.
/// Lifetime: what is pointed to must outlive the call.
struct NetworkSource {
  /// Trains the network and its ablations on this split.
  const NetworkPlugin* plugin = nullptr;
  /// An existing model, judged as it is in the row `network` in place of a freshly trained one;
  /// both or neither.
  const ModelArtifact* artifact = nullptr;
  const Predictor* predictor = nullptr;
  /// Why there is no plug-in, such as the message of LoadNetworkPlugin.
  std::string absent_because = "no training plug-in was given";
};

/// Which rows are wanted beside `mean`.
struct RowChoice {
  bool tabular = true;   // ridge and boosted trees, tuned on validation
  bool ensemble = true;  // base, members, ensemble and its ablations
  bool network = true;   // the plain network and its ablations
};

struct EvaluateOptions {
  SplitOptions split{};
  ScenarioOptions scenario{};
  RowChoice rows{};
  FitOptions fit{};  // with the sampling of the network
  TrainingOptions training{};
  BoostingOptions boosting{};
  EnsembleOptions ensemble{};  // its seeds and fit are those below and above
  CredibilityOptions credibility{};
  BootstrapOptions bootstrap{};
  /// Models of each kind whose predictions are averaged.
  int seeds = 3;
  /// Of encoding; training and boosting have their own.
  int threads = 2;
};

/// Returns the rows of evaluation_table.h on the test part. Nothing is fitted on the test part:
/// scales, vocabularies and weights come from training, choices and calibration from validation.
/// The same store, options and build give the same figures.
/// Errors: those of PrepareData, of the feature tables, of boosting and of the plug-in; kCancelled
/// (observer.stop).
Result<EvaluationTable> Evaluate(const graph::GraphStore& store, const NetworkSource& network,
                                 const EvaluateOptions& options, const Observer& observer = {});

}  // namespace recoup::model
