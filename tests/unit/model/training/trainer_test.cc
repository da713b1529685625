#include "model/training/trainer.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "model/artifact/network_layout.h"
#include "model/runtime/portable_predictor.h"
#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

using graph::Direction;
using graph::EdgeKind;
using graph::NodeKind;

struct Task {
  FeatureSchema schema{{}, 0.5};
  std::vector<EncodedNeighbourhood> inputs;
  std::vector<double> rates;

  TrainingSet Set(std::size_t begin, std::size_t end) const {
    return {std::span(inputs).subspan(begin, end - begin),
            std::span(rates).subspan(begin, end - begin)};
  }
};

// What a loan recovers is the mean of its borrower's other loans, which only edges tell.
Task NeighbourTask(std::size_t count) {
  Task task;
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> uniform(0.05, 0.95);
  const graph::Relation borrower{EdgeKind::kBorrows, Direction::kIn};
  const graph::Relation loans{EdgeKind::kBorrows, Direction::kOut};
  for (std::size_t i = 0; i < count; ++i) {
    EncodedNeighbourhood input;
    KindRows& loan_rows = input.Of(NodeKind::kLoan);
    loan_rows = {4, 1, {0, 0, 0}, {}};
    double sum = 0.0;
    for (int peer = 0; peer < 3; ++peer) {
      const double rate = uniform(random);
      sum += rate;
      loan_rows.numeric.insert(loan_rows.numeric.end(),
                               {1.0F, static_cast<float>(rate - 0.5), 0.1F});
    }
    input.Of(NodeKind::kParty) = {1, 1, {0, 0, 0, 0}, {}};
    input.relations = {
        {borrower, NodeKind::kLoan, NodeKind::kParty, 1, {0}, {0}, {1}},
        {loans, NodeKind::kParty, NodeKind::kLoan, 2, {0, 0, 0}, {1, 2, 3}, {1, 1, 1}}};
    task.inputs.push_back(std::move(input));
    task.rates.push_back(sum / 3.0);
  }
  return task;
}

TrainingOptions QuickOptions() {
  TrainingOptions options;
  options.hidden_width = 8;
  options.head_width = 16;
  options.batch_size = 64;
  options.max_epochs = 12;
  options.learning_rate = 1e-2;
  options.dropout = 0.0;
  options.edge_dropout = 0.0;
  return options;
}

Result<TrainedNetwork> Train(const Task& task, const TrainingOptions& options,
                             const std::function<void(const TrainingProgress&)>& progress = {},
                             const std::atomic<bool>* stop = nullptr) {
  const std::size_t split = task.inputs.size() * 3 / 4;
  return TrainNetwork(task.schema, task.Set(0, split), task.Set(split, task.inputs.size()), options,
                      progress, stop);
}

double MeanAbsoluteError(const Task& task, const TensorMap& weights) {
  ModelArtifact artifact;
  artifact.schema = task.schema;
  artifact.weights = weights;
  const auto forecasts = MakePortablePredictor(artifact).value()->Predict(task.inputs).value();
  double sum = 0.0;
  for (std::size_t i = 0; i < forecasts.size(); ++i) {
    sum += std::abs(forecasts[i].distribution.Mean() - task.rates[i]);
  }
  return sum / static_cast<double>(forecasts.size());
}

TEST_CASE("The network learns from neighbours what it cannot learn without them") {
  Task task = NeighbourTask(2000);
  const auto with = Train(task, QuickOptions());
  REQUIRE(with.has_value());
  REQUIRE(CheckNetwork(with->weights, task.schema).has_value());
  const double error_with = MeanAbsoluteError(task, with->weights);
  for (EncodedNeighbourhood& input : task.inputs) input.relations.clear();
  const auto without = Train(task, QuickOptions());
  REQUIRE(without.has_value());
  const double error_without = MeanAbsoluteError(task, without->weights);
  CAPTURE(error_with, error_without, with->validation_loss, without->validation_loss);
  CHECK(with->validation_loss < without->validation_loss - 0.5);
  CHECK(error_with < 0.35 * error_without);
}

TEST_CASE("The network learns from the context what it cannot learn without it") {
  Task task = NeighbourTask(2000);
  for (EncodedNeighbourhood& input : task.inputs) input.relations.clear();
  const auto without = Train(task, QuickOptions()).value();
  for (std::size_t i = 0; i < task.inputs.size(); ++i) {
    task.inputs[i].context = {static_cast<float>(task.rates[i]), 1.0F};
  }
  const auto with = Train(task, QuickOptions()).value();
  REQUIRE(CheckNetwork(with.weights, task.schema).has_value());
  CHECK(WidthsOf(with.weights)->context == 2);
  CAPTURE(with.validation_loss, without.validation_loss);
  CHECK(with.validation_loss < without.validation_loss - 0.4);
  task.inputs.back().context.pop_back();  // a validation example
  CHECK(Train(task, QuickOptions()).error().code == ErrorCode::kInvalidArgument);
}

TEST_CASE("The same seed gives the same bytes, another seed others") {
  const Task task = NeighbourTask(600);
  TrainingOptions options = QuickOptions();
  options.max_epochs = 3;
  options.dropout = 0.2;
  options.edge_dropout = 0.2;
  const auto first = Train(task, options).value();
  const auto second = Train(task, options).value();
  CHECK(first.weights == second.weights);
  CHECK(first.validation_loss == second.validation_loss);
  options.seed = 2;
  CHECK_FALSE(Train(task, options).value().weights == first.weights);
}

TEST_CASE("A stop before the first epoch's end cancels") {
  const Task task = NeighbourTask(600);
  std::atomic<bool> stop{false};
  const auto cancelled = Train(
      task, QuickOptions(), [&](const TrainingProgress& state) { stop = state.batch == 2; }, &stop);
  REQUIRE_FALSE(cancelled.has_value());
  CHECK(cancelled.error().code == ErrorCode::kCancelled);
}

TEST_CASE("A later stop returns the best weights so far") {
  const Task task = NeighbourTask(600);
  TrainingOptions options = QuickOptions();
  std::atomic<bool> stop{false};
  const auto stopped = Train(
      task, options,
      [&](const TrainingProgress& state) { stop = state.epoch == 3 && state.batch == 2; }, &stop);
  REQUIRE(stopped.has_value());
  CHECK(stopped->interrupted);
  CHECK(stopped->epochs == 2);
  CHECK(CheckNetwork(stopped->weights, task.schema).has_value());
  options.max_epochs = 2;
  const auto whole = Train(task, options).value();
  CHECK_FALSE(whole.interrupted);
  CHECK(whole.weights == stopped->weights);
}

TEST_CASE("Progress counts every batch, and training stops when it no longer helps") {
  // Rates that nothing explains: the validation loss soon stops falling.
  Task task = NeighbourTask(400);
  std::mt19937_64 random(5);
  for (double& rate : task.rates) rate = static_cast<double>(random() % 1000) / 1000.0;
  TrainingOptions options = QuickOptions();
  options.max_epochs = 60;
  options.patience = 2;
  std::vector<TrainingProgress> seen;
  const auto trained =
      Train(task, options, [&](const TrainingProgress& state) { seen.push_back(state); }).value();
  CHECK(trained.epochs < 60);
  CHECK(trained.epochs == trained.best_epoch + 2);
  REQUIRE(seen.size() == static_cast<std::size_t>(5 * trained.epochs));
  CHECK(seen[0].epoch == 1);
  CHECK(seen[0].batch == 1);
  CHECK(seen[0].batches == 5);
  CHECK(seen[0].validation_loss == 0.0);
  CHECK(seen.back().best_validation_loss <= seen[5].validation_loss);
}

TEST_CASE("Training starts at the distribution of the training outcomes") {
  Task task = NeighbourTask(200);
  for (double& rate : task.rates) rate = 1.0;
  TrainingOptions options = QuickOptions();
  std::vector<double> losses;
  REQUIRE(Train(task, options, [&](const TrainingProgress& state) {
            losses.push_back(state.training_loss);
          }).has_value());
  CHECK(losses[0] < 0.5);  // log 27 = 3.3 from an even start
}

TEST_CASE("What cannot be trained on is refused at once") {
  const auto refused = [](const Task& task, const TrainingOptions& options) {
    const auto trained = Train(task, options);
    REQUIRE_FALSE(trained.has_value());
    INFO(trained.error().message);
    CHECK(trained.error().code == ErrorCode::kInvalidArgument);
  };
  refused(NeighbourTask(0), QuickOptions());
  Task task = NeighbourTask(20);
  task.rates[3] = 1.5;
  refused(task, QuickOptions());
  task.rates[3] = std::nan("");
  refused(task, QuickOptions());
  task = NeighbourTask(20);
  task.inputs[2].Of(NodeKind::kLoan).numeric.pop_back();
  refused(task, QuickOptions());
  TrainingOptions options = QuickOptions();
  options.batch_size = 0;
  refused(NeighbourTask(20), options);
  options = QuickOptions();
  options.dropout = 1.0;
  refused(NeighbourTask(20), options);
  options.dropout = std::nan("");
  refused(NeighbourTask(20), options);
  task = NeighbourTask(20);
  const auto uneven = TrainNetwork(task.schema, {task.inputs, std::span(task.rates).first(5)},
                                   task.Set(0, 5), QuickOptions(), {}, nullptr);
  CHECK(uneven.error().code == ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace recoup::model
