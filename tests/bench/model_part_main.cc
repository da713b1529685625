// Times the model's part of one valuation on one thread: asking the peers, and forecasting with the
// network in 8 bits, if the model has it so, else in fp32. Beside it one row through boosted trees
// by libxgboost.
// Usage: model_part STORE MODEL
// Prints one JSON object; medians over loans, unit: microseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "graph/store/graph_store.h"
#include "model/artifact/model_artifact.h"
#include "model/boosting/gradient_boosting.h"
#include "model/evaluation/prepared_data.h"
#include "model/features/encode_examples.h"
#include "model/features/tabular.h"
#include "model/runtime/ensemble_predictor.h"
#include "model/runtime/peer_book.h"
#include "model/runtime/portable_predictor.h"
#include "model/runtime/quantized_predictor.h"

namespace {

using namespace recoup;         // NOLINT(google-build-using-namespace): a program's root
using namespace recoup::model;  // NOLINT(google-build-using-namespace): a program's root
using Clock = std::chrono::steady_clock;

constexpr std::size_t kLoans = 1000;
constexpr int kTrees = 300;

template <typename Work>
Result<double> MedianMicroseconds(std::size_t count, const Work& work) {
  std::vector<double> times;
  for (std::size_t i = 0; i < count; ++i) {
    const Clock::time_point start = Clock::now();
    RECOUP_TRY(work(i));
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(count / 2),
                   times.end());
  return times[count / 2];
}

Result<double> XgboostMicroseconds(const graph::GraphStore& store, const PreparedData& data) {
  RECOUP_ASSIGN(const Table training, OwnFeatureTable(store, data.schema, data.training));
  RECOUP_ASSIGN(const Table test, OwnFeatureTable(store, data.schema, data.test));
  RECOUP_ASSIGN(const GradientBoosting trees,
                GradientBoosting::FitRounds({&training, data.outcomes.training},
                                            {.max_depth = 6, .max_rounds = kTrees, .threads = 1}));
  const std::size_t width = test.columns.size();
  const std::size_t count = std::min(kLoans, test.rows());
  return MedianMicroseconds(count, [&](std::size_t i) -> Result<void> {
    const auto begin = test.values.begin() + static_cast<std::ptrdiff_t>(i * width);
    const Table row{test.columns, {begin, begin + static_cast<std::ptrdiff_t>(width)}};
    RECOUP_TRY(trees.Predict(row));
    return {};
  });
}

Result<void> Run(const char* directory, const char* model) {
  RECOUP_ASSIGN(const auto durable, graph::OpenRocksGraphStore(directory, {.must_exist = true}));
  RECOUP_ASSIGN(const auto store, graph::CopyToMemory(*durable));
  RECOUP_ASSIGN(const PreparedData data, PrepareData(*store, {}, {}, {}));
  RECOUP_ASSIGN(const ModelArtifact artifact, ReadArtifact(model));
  if (!artifact.ensemble) {
    return Error{ErrorCode::kInvalidArgument, "the model has no ensemble"};
  }
  RECOUP_ASSIGN(const auto peers, PeerBook::Read(*store, *artifact.ensemble, artifact.schema));
  const auto make_network = [&] {
    return artifact.int8 ? MakeQuantizedPredictor(artifact, 8) : MakePortablePredictor(artifact);
  };
  RECOUP_ASSIGN(std::unique_ptr<Predictor> network, make_network());
  RECOUP_ASSIGN(const auto alone, make_network());
  RECOUP_ASSIGN(const auto predictor, MakeEnsemblePredictor(artifact, std::move(network)));
  const std::size_t count = std::min(kLoans, data.test.size());
  const std::vector<Example> loans(data.test.begin(),
                                   data.test.begin() + static_cast<std::ptrdiff_t>(count));
  const Encoder encoder(artifact.schema, data.view->Attributes());
  RECOUP_ASSIGN(std::vector<EncodedNeighbourhood> inputs,
                EncodeExamples(*store, encoder, artifact.sampling, loans, 1));
  std::vector<std::unique_ptr<const graph::GraphView>> views;
  for (const Example& loan : loans) views.push_back(store->ViewAsOf(loan.as_of));
  RECOUP_ASSIGN(const double ask, MedianMicroseconds(count, [&](std::size_t i) {
                  return peers->Attach(*views[i], loans[i].loan, &inputs[i]);
                }));
  const auto forecast = [&](const Predictor& by) {
    return MedianMicroseconds(count, [&](std::size_t i) -> Result<void> {
      RECOUP_TRY(by.Predict({&inputs[i], 1}));
      return {};
    });
  };
  RECOUP_ASSIGN(const double whole, forecast(*predictor));
  RECOUP_ASSIGN(const double of_network, forecast(*alone));
  RECOUP_ASSIGN(const double xgboost, XgboostMicroseconds(*store, data));
  std::printf(
      "{\"loans\": %zu, \"network\": \"%s\", \"ask_peers_us\": %.2f, \"forecast_us\": %.2f, "
      "\"network_us\": %.2f, "
      "\"xgboost_us\": %.2f}\n",
      count, std::string(alone->backend()).c_str(), ask, whole, of_network, xgboost);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: model_part STORE MODEL\n";
    return 2;
  }
  const Result<void> done = Run(argv[1], argv[2]);
  if (!done.has_value()) std::cerr << "model_part: " << done.error().message << "\n";
  return done.has_value() ? 0 : 1;
}
