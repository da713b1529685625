// Learns the ensemble and trains its network on everything that a store knows, calibrates them and
// writes their card: what `recoup train` does.
#pragma once

#include <string>
#include <vector>

#include "graph/schema/fact.h"
#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/evaluation/prepared_data.h"
#include "model/features/encoder.h"
#include "model/learning/base_model.h"
#include "model/learning/observer.h"
#include "model/predictor/network_plugin.h"

namespace recoup::model {

struct TrainModelOptions {
  std::string version;  // ModelArtifact::version
  SplitOptions split{};
  FitOptions fit{};  // its sampling becomes the model's
  TrainingOptions training{};
  EnsembleOptions ensemble{};  // its seeds are models of each kind that serving averages
  CredibilityOptions credibility{};
  /// Without the ensemble: a network that forecasts alone.
  bool network_only = false;
  /// After the model was measured, refit it on all outcomes, validation and test included.
  bool learn_all = false;
  /// Of encoding.
  int threads = 2;
};

struct TrainedModel {
  ModelArtifact artifact;
  /// To be written into the store: what the model hears of its peers (model/learning/ledger.h).
  std::vector<graph::Fact> ledger;
};

/// Returns a model learnt from the training part, stopped early and calibrated on validation, with
/// figures of both validation and test on its card (docs/evaluation.md). If observer.stop is set
/// after the network's first epoch, the best epoch so far is kept and the card says so. Where the
/// loans have no feature that varies there is no ensemble, and the card says why.
/// With learn_all the figures are those of the fit before, and the calibration rests on its
/// forecasts. The same store, options and machine give the same bytes. Errors: kInvalidArgument (no
/// version), kCancelled (stopped before the first epoch ended), those of PrepareData,
/// EncodeExamples and the plug-in.
Result<TrainedModel> TrainModel(const graph::GraphStore& store, const NetworkPlugin& plugin,
                                const TrainModelOptions& options, const Observer& observer = {});

}  // namespace recoup::model
