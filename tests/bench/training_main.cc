// Times one epoch of the network beside one fit of boosted trees on the same examples.
// Usage: training STORE
// Prints one JSON object: examples, and how many of them each handles a second.
#include <chrono>
#include <cstdio>
#include <iostream>

#include "graph/store/graph_store.h"
#include "model/boosting/gradient_boosting.h"
#include "model/evaluation/network_run.h"
#include "model/evaluation/prepared_data.h"
#include "model/features/tabular.h"
#include "model/predictor/network_plugin.h"

namespace {

using namespace recoup;         // NOLINT(google-build-using-namespace): a program's root
using namespace recoup::model;  // NOLINT(google-build-using-namespace): a program's root
using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Whole epochs, validation included, as a user waits for them.
Result<double> NetworkExamplesPerSecond(const graph::GraphStore& store, const PreparedData& data) {
  RECOUP_ASSIGN(const NetworkPlugin* const plugin, LoadNetworkPlugin());
  RECOUP_ASSIGN(const EncodedSplit encoded, EncodeSplit(store, data, {}, {}));
  TrainingOptions options;
  options.max_epochs = 3;
  options.patience = 3;
  const Clock::time_point start = Clock::now();
  RECOUP_ASSIGN(const NetworkMember member, TrainMember(*plugin, data, encoded, options, {}));
  return static_cast<double>(data.training.size()) * static_cast<double>(member.training.epochs) /
         SecondsSince(start);
}

Result<double> TreesExamplesPerSecond(const graph::GraphStore& store, const PreparedData& data) {
  RECOUP_ASSIGN(const Table training, OwnFeatureTable(store, data.schema, data.training));
  RECOUP_ASSIGN(const Table validation, OwnFeatureTable(store, data.schema, data.validation));
  const Clock::time_point start = Clock::now();
  RECOUP_ASSIGN(const GradientBoosting trees,
                GradientBoosting::Fit({&training, data.outcomes.training},
                                      {&validation, data.outcomes.validation}, {}));
  return static_cast<double>(data.training.size()) * trees.rounds() / SecondsSince(start);
}

Result<void> Run(const char* directory) {
  RECOUP_ASSIGN(const auto durable, graph::OpenRocksGraphStore(directory, {.must_exist = true}));
  RECOUP_ASSIGN(const auto store, graph::CopyToMemory(*durable));
  RECOUP_ASSIGN(const PreparedData data, PrepareData(*store, {}, {}, {}));
  RECOUP_ASSIGN(const double network, NetworkExamplesPerSecond(*store, data));
  RECOUP_ASSIGN(const double trees, TreesExamplesPerSecond(*store, data));
  std::printf("{\"examples\": %zu, \"network_per_second\": %.1f, \"trees_per_second\": %.1f}\n",
              data.training.size(), network, trees);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: training STORE\n";
    return 2;
  }
  const Result<void> done = Run(argv[1]);
  if (!done.has_value()) std::cerr << "training: " << done.error().message << "\n";
  return done.has_value() ? 0 : 1;
}
