#include "model/training/credibility_trainer.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <string>
#include <vector>

#include "model/gnn/credibility_network.h"
#include "model/training/check_credibility_training.h"
#include "model/training/single_threaded_math.h"
#include "model/training/slices.h"
#include "model/training/training_step.h"

namespace recoup::model {
namespace {

using torch::Tensor;
using torch::optim::AdamW;
using torch::optim::AdamWOptions;
using torch::optim::OptimizerParamGroup;
using Picks = std::span<const std::uint32_t>;

// What weighs peers is few numbers, most of them before a softplus, where a step of a network's
// size changes nothing; and decay would pull them to softplus(0), which means nothing either.
constexpr double kPoolingSpeed = 20.0;

CredibilitySizes SizesOf(const CredibilityTraining& training, const CredibilityOptions& options) {
  return {.relations = static_cast<std::int64_t>(training.inputs->slots.relations),
          .heads = options.heads,
          .numeric_width = static_cast<std::int64_t>(training.rows->numeric_width),
          .category_sizes = training.rows->category_sizes,
          .context_width = static_cast<std::int64_t>(training.inputs->context_width),
          .hidden_width = options.hidden_width};
}

AdamW MakeOptimiser(const CredibilityNetwork& network, const CredibilityOptions& options) {
  std::vector<OptimizerParamGroup> groups;
  groups.emplace_back(network.PoolingParameters(),
                      std::make_unique<AdamWOptions>(
                          AdamWOptions(kPoolingSpeed * options.learning_rate).weight_decay(0.0)));
  if (options.variant == CredibilityVariant::kDeep) {
    groups.emplace_back(
        network.DeepParameters(),
        std::make_unique<AdamWOptions>(
            AdamWOptions(options.learning_rate).weight_decay(options.weight_decay)));
  }
  return AdamW(groups, AdamWOptions(options.learning_rate));
}

class CredibilityTrainer {
 public:
  CredibilityTrainer(const CredibilityTraining& training, const CredibilityOptions& options,
                     const std::atomic<bool>* stop)
      : training_(training),
        options_(options),
        stop_(stop),
        network_(options, SizesOf(training, options)),
        parameters_(network_.parameters()),
        optimiser_(MakeOptimiser(network_, options)) {}

  Result<TensorMap> Run(const std::function<void(const TrainingProgress&)>& progress) {
    TrainingProgress state;
    for (state.epoch = 1; state.epoch <= options_.epochs; ++state.epoch) {
      if (!TrainEpoch(state, progress)) {
        return Error{ErrorCode::kCancelled, "training was stopped before its end"};
      }
    }
    TensorMap weights = network_.Weights();
    for (const auto& [name, tensor] : weights) {
      const bool finite = std::all_of(tensor.values.begin(), tensor.values.end(),
                                      [](float value) { return std::isfinite(value); });
      if (!finite) {
        return Error{ErrorCode::kInternal, "training diverged; lower learning_rate: " + name};
      }
    }
    return weights;
  }

 private:
  bool Stopped() const { return stop_ != nullptr && stop_->load(std::memory_order_relaxed); }

  // Returns whether the epoch was finished.
  bool TrainEpoch(TrainingProgress& state,
                  const std::function<void(const TrainingProgress&)>& progress) {
    const auto order = Shuffled(
        training_.targets.size(),
        RandomFor(options_.seed, Stream::kShuffle, static_cast<std::uint64_t>(state.epoch)));
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
  double Step(Picks picks) {
    const std::uint64_t step = ++steps_;
    const auto count = static_cast<double>(picks.size());
    const auto slices = CutIntoSlices(picks, static_cast<std::size_t>(options_.threads));
    const auto parts = ForEachSlice(slices, [this, step, count](auto slice, std::size_t position) {
      return GradientsOf(SummedError(slice, step * kMaxSlices + position) / count, parameters_);
    });
    const double loss = SetGradients(parts, parameters_);
    optimiser_.step();
    return loss;
  }

  Tensor SummedError(Picks picks, std::uint64_t place) const {
    const CredibilityBatch batch = MakeCredibilityBatch(
        *training_.rows, *training_.inputs, picks,
        {options_.peer_dropout, RandomFor(options_.seed, Stream::kPeers, place)});
    const NodeDropout dropout{options_.dropout, RandomFor(options_.seed, Stream::kNodes, place)};
    return (network_.Forward(batch, dropout) - Targets(picks)).square().sum();
  }

  Tensor Targets(Picks picks) const {
    Tensor targets = torch::empty({static_cast<std::int64_t>(picks.size())});
    std::transform(picks.begin(), picks.end(), targets.data_ptr<float>(),
                   [&](std::uint32_t pick) { return static_cast<float>(training_.targets[pick]); });
    return targets;
  }

  const CredibilityTraining& training_;
  CredibilityOptions options_;
  const std::atomic<bool>* stop_;
  CredibilityNetwork network_;
  std::vector<Tensor> parameters_;
  AdamW optimiser_;
  std::uint64_t steps_ = 0;
};

}  // namespace

Result<TensorMap> TrainCredibilityNetwork(
    const CredibilityTraining& training, const CredibilityOptions& options,
    const std::function<void(const TrainingProgress&)>& progress, const std::atomic<bool>* stop) {
  RECOUP_TRY(CheckCredibilityOptions(options));
  RECOUP_TRY(CheckCredibilityTraining(training));
  try {
    const SingleThreadedMath one_thread_each;
    return CredibilityTrainer(training, options, stop).Run(progress);
  } catch (const std::exception& exception) {
    return Error{ErrorCode::kInternal, std::string("LibTorch failed: ") + exception.what()};
  }
}

}  // namespace recoup::model
