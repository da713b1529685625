// Trains one network on everything that a store knows, calibrates it and writes its card: what
// `recoup train` does.
#pragma once

#include <string>

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/learning/observer.h"
#include "model/evaluation/prepared_data.h"
#include "model/features/encoder.h"
#include "model/predictor/network_plugin.h"

namespace recoup::model {

struct TrainModelOptions {
  std::string version;  // ModelArtifact::version
  SplitOptions split{};
  FitOptions fit{};  // its sampling becomes the model's
  TrainingOptions training{};
  /// Of encoding.
  int threads = 2;
};

/// Returns a model trained on the training part, stopped early and calibrated on validation, with
/// figures of both validation and test on its card (docs/evaluation.md). If observer.stop is set
/// after the first epoch, the best epoch so far is kept and the card says so.
/// The same store, options and machine give the same bytes.
/// Errors: kInvalidArgument (no version), kCancelled (stopped before the first epoch ended), those
/// of PrepareData, EncodeExamples and the plug-in.
Result<ModelArtifact> TrainModel(const graph::GraphStore& store, const NetworkPlugin& plugin,
                                 const TrainModelOptions& options, const Observer& observer = {});

}  // namespace recoup::model
