#include "model/training/trainer.h"

#include <algorithm>
#include <exception>
#include <limits>
#include <numeric>
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

namespace recoup::model {
namespace {

using torch::Tensor;

constexpr double kLargestGradientNorm = 1.0;
constexpr std::size_t kValidationBatch = 1024;
constexpr std::uint64_t kMaxSlices = 1024;  // the largest number of threads

// Streams of random numbers, one for each purpose.
enum class Stream : std::uint64_t { kShuffle = 1, kEdges = 2, kNodes = 3 };

CounterRandom RandomFor(std::uint64_t seed, Stream stream, std::uint64_t step) {
  const CounterRandom steps(seed, static_cast<std::uint64_t>(stream));
  return {steps.Bits(step), 0};
}

Tensor SummedCrossEntropy(const Tensor& logits, const Tensor& targets) {
  return -(targets * torch::log_softmax(logits, 1)).sum();
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
    double loss = 0.0;
    for (const Gradients& part : parts) loss += part.loss;
    SetGradients(parts);
    torch::nn::utils::clip_grad_norm_(parameters_, kLargestGradientNorm);
    optimiser_.step();
    return loss;
  }

  // A slice's share of a batch's mean loss, with the derivatives by every parameter.
  struct Gradients {
    double loss = 0.0;
    std::vector<Tensor> by_parameter;  // undefined where the slice does not touch the parameter
  };

  // Asks for derivatives as values: backward() would add to the parameters from several threads.
  Gradients SliceGradients(std::span<const std::uint32_t> picks, std::uint64_t step,
                           std::size_t position, double count) const {
    const std::uint64_t place = step * kMaxSlices + position;
    const EncodedNeighbourhood joined = training_.Join(picks);
    const Batch batch = MakeBatch(
        joined, schema_, {options_.edge_dropout, RandomFor(options_.seed, Stream::kEdges, place)});
    const NodeDropout dropout{options_.dropout, RandomFor(options_.seed, Stream::kNodes, place)};
    const Tensor loss =
        SummedCrossEntropy(network_.Forward(batch, dropout), training_.Targets(picks)) / count;
    return {loss.item<double>(),
            torch::autograd::grad({loss}, parameters_, {}, /*retain_graph=*/false,
                                  /*create_graph=*/false, /*allow_unused=*/true)};
  }

  void SetGradients(const std::vector<Gradients>& parts) {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      Tensor sum;
      for (const Gradients& part : parts) {
        const Tensor& gradient = part.by_parameter[i];
        if (gradient.defined()) sum = sum.defined() ? sum + gradient : gradient;
      }
      parameters_[i].mutable_grad() = sum;  // without one the optimiser passes the parameter over
    }
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
  RECOUP_TRY(CheckTrainingSet(training, schema, "training"));
  RECOUP_TRY(CheckTrainingSet(validation, schema, "validation"));
  try {
    const SingleThreadedMath one_thread_each;
    return Trainer(schema, training, validation, options, stop).Run(progress);
  } catch (const std::exception& exception) {
    return Error{ErrorCode::kInternal, std::string("LibTorch failed: ") + exception.what()};
  }
}

}  // namespace recoup::model
