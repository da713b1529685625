#include "model/training/trainer.h"

#include <algorithm>
#include <array>
#include <exception>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/gnn/recovery_network.h"
#include "model/training/check_training.h"
#include "model/training/target_smoothing.h"

namespace recoup::model {
namespace {

using torch::Tensor;

constexpr double kLargestGradientNorm = 1.0;
constexpr std::size_t kValidationBatch = 1024;

// Streams of random numbers, one for each purpose.
enum class Stream : std::uint64_t { kShuffle = 1, kEdges = 2, kNodes = 3 };

CounterRandom RandomFor(std::uint64_t seed, Stream stream, std::uint64_t step) {
  const CounterRandom steps(seed, static_cast<std::uint64_t>(stream));
  return {steps.Bits(step), 0};
}

// A set with its smoothed targets, ready to be cut into batches.
class Examples {
 public:
  explicit Examples(const TrainingSet& set) : inputs_(set.inputs) {
    targets_.reserve(set.recovery_rates.size());
    for (const double rate : set.recovery_rates) targets_.push_back(SmoothTarget(rate));
  }

  std::size_t size() const { return inputs_.size(); }

  EncodedNeighbourhood Join(std::span<const std::uint32_t> picks) const {
    std::vector<const EncodedNeighbourhood*> parts;
    parts.reserve(picks.size());
    for (const std::uint32_t pick : picks) parts.push_back(&inputs_[pick]);
    return Collate(parts);
  }

  Tensor Targets(std::span<const std::uint32_t> picks) const {
    Tensor targets = torch::empty(
        {static_cast<std::int64_t>(picks.size()), static_cast<std::int64_t>(kRecoveryCells)});
    float* out = targets.data_ptr<float>();
    for (const std::uint32_t pick : picks) {
      for (const double mass : targets_[pick]) *out++ = static_cast<float>(mass);
    }
    return targets;
  }

 private:
  std::span<const EncodedNeighbourhood> inputs_;
  std::vector<std::array<double, kRecoveryCells>> targets_;
};

Tensor CrossEntropy(const Tensor& logits, const Tensor& targets) {
  return -(targets * torch::log_softmax(logits, 1)).sum(1).mean();
}

std::vector<std::uint32_t> InOrder(std::size_t count) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  return order;
}

// Fisher and Yates.
std::vector<std::uint32_t> Shuffled(std::size_t count, const CounterRandom& random) {
  std::vector<std::uint32_t> order = InOrder(count);
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random.Bits(i) % i]);
  return order;
}

class Trainer {
 public:
  Trainer(const FeatureSchema& schema, const TrainingSet& training, const TrainingSet& validation,
          const TrainingOptions& options, const std::atomic<bool>* stop)
      : schema_(schema),
        training_(training),
        validation_(validation),
        options_(options),
        stop_(stop),
        network_(schema, {options.hidden_width, options.head_width}, RelationsIn(training.inputs),
                 options.seed),
        optimiser_(network_.parameters(), torch::optim::AdamWOptions(options.learning_rate)
                                              .weight_decay(options.weight_decay)) {
    network_.StartAt(TargetHistogram(training.recovery_rates));
  }

  Result<TrainedNetwork> Run(const std::function<void(const TrainingProgress&)>& progress) {
    TrainedNetwork best;
    best.validation_loss = std::numeric_limits<double>::infinity();
    TrainingProgress state;
    for (std::int64_t epoch = 1; epoch <= options_.max_epochs; ++epoch) {
      if (epoch - best.best_epoch > options_.patience) break;
      state.epoch = epoch;
      const bool finished = TrainEpoch(state, progress);
      const std::optional<double> loss = finished ? ValidationLoss() : std::nullopt;
      if (!loss) {
        best.interrupted = true;
        break;
      }
      best.epochs = epoch;
      if (*loss < best.validation_loss) {
        best.validation_loss = *loss;
        best.best_epoch = epoch;
        best.weights = network_.Weights();
      }
      state.validation_loss = *loss;
      state.best_validation_loss = best.validation_loss;
    }
    if (!best.weights.empty()) return best;
    if (best.interrupted) {
      return Error{ErrorCode::kCancelled, "training was stopped before its first epoch ended"};
    }
    return Error{ErrorCode::kInternal,
                 "training diverged: the validation loss is not a number; lower learning_rate"};
  }

 private:
  bool Stopped() const { return stop_ != nullptr && stop_->load(std::memory_order_relaxed); }

  // Returns whether the epoch was finished.
  bool TrainEpoch(TrainingProgress& state,
                  const std::function<void(const TrainingProgress&)>& progress) {
    const auto epoch = static_cast<std::uint64_t>(state.epoch);
    const auto order =
        Shuffled(training_.size(), RandomFor(options_.seed, Stream::kShuffle, epoch));
    const auto size = static_cast<std::size_t>(options_.batch_size);
    state.batches = static_cast<std::int64_t>((order.size() + size - 1) / size);
    state.batch = 0;
    double sum = 0.0;
    for (std::size_t begin = 0; begin < order.size(); begin += size) {
      if (Stopped()) return false;
      const auto picks =
          std::span(order).subspan(begin, std::min(size, order.size() - begin));
      sum += Step(picks) * static_cast<double>(picks.size());
      ++state.batch;
      state.training_loss = sum / static_cast<double>(begin + picks.size());
      if (progress) progress(state);
    }
    return true;
  }

  // Returns the loss before the step.
  double Step(std::span<const std::uint32_t> picks) {
    const std::uint64_t step = ++steps_;
    const EncodedNeighbourhood joined = training_.Join(picks);
    const Batch batch = MakeBatch(
        joined, schema_,
        {options_.edge_dropout, RandomFor(options_.seed, Stream::kEdges, step)});
    const NodeDropout dropout{options_.dropout, RandomFor(options_.seed, Stream::kNodes, step)};
    optimiser_.zero_grad();
    const Tensor loss = CrossEntropy(network_.Forward(batch, dropout), training_.Targets(picks));
    loss.backward();
    torch::nn::utils::clip_grad_norm_(network_.parameters(), kLargestGradientNorm);
    optimiser_.step();
    return loss.item<double>();
  }

  // Returns nothing if stopped on the way.
  std::optional<double> ValidationLoss() const {
    const torch::NoGradGuard no_gradient;
    const auto order = InOrder(validation_.size());
    double sum = 0.0;
    for (std::size_t begin = 0; begin < order.size(); begin += kValidationBatch) {
      if (Stopped()) return std::nullopt;
      const auto picks =
          std::span(order).subspan(begin, std::min(kValidationBatch, order.size() - begin));
      const EncodedNeighbourhood joined = validation_.Join(picks);
      const Tensor logits = network_.Forward(MakeBatch(joined, schema_), std::nullopt);
      sum += CrossEntropy(logits, validation_.Targets(picks)).item<double>() *
             static_cast<double>(picks.size());
    }
    return sum / static_cast<double>(order.size());
  }

  const FeatureSchema& schema_;
  Examples training_;
  Examples validation_;
  TrainingOptions options_;
  const std::atomic<bool>* stop_;
  RecoveryNetwork network_;
  torch::optim::AdamW optimiser_;
  std::uint64_t steps_ = 0;
};

}  // namespace

Result<TrainedNetwork> TrainNetwork(const FeatureSchema& schema, const TrainingSet& training,
                                    const TrainingSet& validation, const TrainingOptions& options,
                                    const std::function<void(const TrainingProgress&)>& progress,
                                    const std::atomic<bool>* stop) {
  RECOUP_TRY(CheckTrainingOptions(options));
  RECOUP_TRY(CheckTrainingSet(training, schema, "training"));
  RECOUP_TRY(CheckTrainingSet(validation, schema, "validation"));
  try {
    at::set_num_threads(options.threads);
    return Trainer(schema, training, validation, options, stop).Run(progress);
  } catch (const std::exception& exception) {
    return Error{ErrorCode::kInternal, std::string("LibTorch failed: ") + exception.what()};
  }
}

}  // namespace recoup::model
