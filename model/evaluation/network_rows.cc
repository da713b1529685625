#include "model/evaluation/network_rows.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/evaluation/attach_peers.h"
#include "model/evaluation/model_card.h"
#include "model/evaluation/network_run.h"
#include "model/features/encode_examples.h"

namespace recoup::model {
namespace {

Result<void> AddExisting(const NetworkTask& task, const Observer& observer,
                         Comparison& comparison) {
  const ModelArtifact& artifact = *task.network.artifact;
  RECOUP_TRY(observer.Enter("encoding test for the existing model"));
  const Encoder encoder(artifact.schema, task.data.view->Attributes());
  RECOUP_ASSIGN(
      std::vector<EncodedNeighbourhood> inputs,
      EncodeExamples(task.store, encoder, artifact.sampling, task.data.test, task.options.threads));
  RECOUP_TRY(AttachPeers(task.store, artifact, task.data.test, inputs));
  RECOUP_TRY(observer.Enter("forecasting with the existing model"));
  RECOUP_ASSIGN(const std::vector<RecoveryForecast> forecasts,
                task.network.predictor->Predict(inputs));
  comparison.Add(row::kNetwork, PredictionsFromForecasts(forecasts));
  comparison.AddNote("network: the existing model " + artifact.version + ", one seed, as it is");
  const std::optional<Date> labels_before = LabelsBeforeOfCard(artifact.card_json);
  if (!labels_before) {
    comparison.AddNote(
        "ALARM: the existing model's card does not say which outcomes it was "
        "trained on; it may have seen the test loans");
  } else if (!task.data.dates || *labels_before > task.data.dates->test_from) {
    comparison.AddNote("ALARM: the existing model was trained on outcomes known before " +
                       labels_before->ToString() + " and may have seen the test loans");
  }
  return {};
}

Result<void> AddTrained(const char* name, const NetworkTask& task, const EncodedSplit& encoded,
                        const Observer& observer, Comparison& comparison) {
  RECOUP_TRY(observer.Enter(name));
  RECOUP_ASSIGN(ModelPredictions predictions,
                PredictWithNetworks(*task.network.plugin, task.data, encoded, task.options.training,
                                    task.options.seeds, observer));
  comparison.Add(name, std::move(predictions));
  return {};
}

/// Trains with real edges, unless there is an existing model, and without; frees the inputs.
Result<void> AddRealAndWithout(const NetworkTask& task, const EncodingOptions& encoding,
                               const Observer& observer, Comparison& comparison) {
  RECOUP_ASSIGN(EncodedSplit encoded, EncodeSplit(task.store, task.data, encoding, observer));
  if (task.network.artifact == nullptr) {
    RECOUP_TRY(AddTrained(row::kNetwork, task, encoded, observer, comparison));
  }
  encoded = WithoutSurroundings(encoded);
  return AddTrained(row::kNetworkWithoutEdges, task, encoded, observer, comparison);
}

}  // namespace

Result<void> AddNetworkRows(const NetworkTask& task, const Observer& observer,
                            Comparison& comparison) {
  if ((task.network.artifact == nullptr) != (task.network.predictor == nullptr)) {
    return Error{ErrorCode::kInvalidArgument,
                 "an existing model needs its artifact and its predictor"};
  }
  if (task.network.artifact != nullptr) RECOUP_TRY(AddExisting(task, observer, comparison));
  if (task.network.plugin == nullptr) {
    if (task.network.artifact == nullptr) {
      comparison.AddAbsent(row::kNetwork, task.network.absent_because);
    }
    comparison.AddAbsent(row::kNetworkWithoutEdges, task.network.absent_because);
    comparison.AddAbsent(row::kNetworkShuffledEdges, task.network.absent_because);
    return {};
  }
  EncodingOptions encoding{.sampling = task.options.fit.sampling,
                           .threads = task.options.threads,
                           .edges = EdgeUse::kReal,
                           .shuffle_seed = task.options.training.seed};
  RECOUP_TRY(AddRealAndWithout(task, encoding, observer, comparison));
  encoding.edges = EdgeUse::kShuffled;
  RECOUP_ASSIGN(const EncodedSplit shuffled,
                EncodeSplit(task.store, task.data, encoding, observer));
  return AddTrained(row::kNetworkShuffledEdges, task, shuffled, observer, comparison);
}

}  // namespace recoup::model
