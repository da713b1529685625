#include "model/training/trainer.h"

#include <algorithm>
#include <exception>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/gnn/recovery_network.h"
#include "model/training/check_training.h"
#include "model/training/examples.h"
#include "model/training/single_threaded_math.h"
#include "model/training/slices.h"
#include "model/training/target_smoothing.h"
#include "model/training/training_step.h"

namespace recoup::model {
namespace {

using torch::Tensor;

constexpr std::size_t kValidationBatch = 1024;

Tensor SummedCrossEntropy(const Tensor& logits, const Tensor& targets) {
  return -(targets * torch::log_softmax(logits, 1)).sum();
}

// All inputs have the width of the first: CheckTrainingSet sees to it.
std::size_t ContextWidth(const TrainingSet& set) {
  return set.inputs.empty() ? 0 : set.inputs.front().context.size();
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
        network_(schema,
                 {options.hidden_width, options.head_width,
                  static_cast<std::int64_t>(ContextWidth(training))},
                 RelationsIn(training.inputs), options.seed),
        parameters_(network_.parameters()),
        optimiser_(
            parameters_,
            torch::optim::AdamWOptions(options.learning_rate).weight_decay(options.weight_decay)) {
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
      const auto picks = std::span(order).subspan(begin, std::min(size, order.size() - begin));
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
    const auto count = static_cast<double>(picks.size());
    const auto parts =
        ForEachSlice(Cut(picks), [this, step, count](auto slice, std::size_t position) {
          return SliceGradients(slice, step, position, count);
        });
    const double loss = SetGradients(parts, parameters_);
    optimiser_.step();
    return loss;
  }

  Gradients SliceGradients(std::span<const std::uint32_t> picks, std::uint64_t step,
                           std::size_t position, double count) const {
    const std::uint64_t place = step * kMaxSlices + position;
    const EncodedNeighbourhood joined = training_.Join(picks);
    const Batch batch = MakeBatch(
        joined, schema_, {options_.edge_dropout, RandomFor(options_.seed, Stream::kEdges, place)});
    const NodeDropout dropout{options_.dropout, RandomFor(options_.seed, Stream::kNodes, place)};
    const Tensor loss =
        SummedCrossEntropy(network_.Forward(batch, dropout), training_.Targets(picks)) / count;
    return GradientsOf(loss, parameters_);
  }

  // Returns nothing if stopped on the way.
  std::optional<double> ValidationLoss() const {
    const auto order = InOrder(validation_.size());
    double sum = 0.0;
    for (std::size_t begin = 0; begin < order.size(); begin += kValidationBatch) {
      if (Stopped()) return std::nullopt;
      const auto picks =
          std::span(order).subspan(begin, std::min(kValidationBatch, order.size() - begin));
      const auto parts = ForEachSlice(Cut(picks), [this](auto slice, std::size_t) {
        const torch::NoGradGuard no_gradient;  // holds for this thread only
        const EncodedNeighbourhood joined = validation_.Join(slice);
        const Tensor logits = network_.Forward(MakeBatch(joined, schema_), std::nullopt);
        return SummedCrossEntropy(logits, validation_.Targets(slice)).template item<double>();
      });
      for (const double part : parts) sum += part;
    }
    return sum / static_cast<double>(order.size());
  }

  std::vector<std::span<const std::uint32_t>> Cut(std::span<const std::uint32_t> picks) const {
    return CutIntoSlices(picks, static_cast<std::size_t>(options_.threads));
  }

  const FeatureSchema& schema_;
  Examples training_;
  Examples validation_;
  TrainingOptions options_;
  const std::atomic<bool>* stop_;
  RecoveryNetwork network_;
  std::vector<Tensor> parameters_;
  torch::optim::AdamW optimiser_;
  std::uint64_t steps_ = 0;
};

}  // namespace

Result<TrainedNetwork> TrainNetwork(const FeatureSchema& schema, const TrainingSet& training,
                                    const TrainingSet& validation, const TrainingOptions& options,
                                    const std::function<void(const TrainingProgress&)>& progress,
                                    const std::atomic<bool>* stop) {
  RECOUP_TRY(CheckTrainingOptions(options));
  const std::size_t context = ContextWidth(training);
  RECOUP_TRY(CheckTrainingSet(training, schema, "training", context));
  RECOUP_TRY(CheckTrainingSet(validation, schema, "validation", context));
  try {
    const SingleThreadedMath one_thread_each;
    return Trainer(schema, training, validation, options, stop).Run(progress);
  } catch (const std::exception& exception) {
    return Error{ErrorCode::kInternal, std::string("LibTorch failed: ") + exception.what()};
  }
}

}  // namespace recoup::model
