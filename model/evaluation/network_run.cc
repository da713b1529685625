#include "model/evaluation/network_run.h"

#include <string>
#include <string_view>
#include <utility>

#include "model/evaluation/ablation.h"
#include "model/evaluation/conformal.h"
#include "model/features/encode_examples.h"

namespace recoup::model {
namespace {

Result<std::vector<EncodedNeighbourhood>> EncodePart(const graph::GraphStore& store,
                                                     const Encoder& encoder,
                                                     std::span<const Example> examples,
                                                     const EncodingOptions& options,
                                                     const EncodeProgress& progress) {
  std::vector<std::uint32_t> surroundings;
  if (options.edges == EdgeUse::kShuffled) {
    surroundings = ShuffledSurroundings(examples, options.shuffle_seed);
  }
  return EncodeExamples(store, encoder, options.sampling, examples, options.threads, progress,
                        surroundings);
}

std::vector<EncodedNeighbourhood> Alone(std::span<const EncodedNeighbourhood> inputs) {
  std::vector<EncodedNeighbourhood> alone;
  alone.reserve(inputs.size());
  for (const EncodedNeighbourhood& input : inputs) alone.push_back(WithoutSurroundings(input));
  return alone;
}

}  // namespace

Result<EncodedSplit> EncodeSplit(const graph::GraphStore& store, const PreparedData& data,
                                 const EncodingOptions& options, const Observer& observer) {
  const Encoder encoder(data.schema, data.view->Attributes());
  EncodedSplit encoded;
  const auto encode = [&](std::string_view stage, std::span<const Example> examples,
                          std::vector<EncodedNeighbourhood>& part) -> Result<void> {
    RECOUP_TRY(observer.Enter(stage));
    RECOUP_ASSIGN(part, EncodePart(store, encoder, examples, options,
                                   [&](std::size_t done, std::size_t total) {
                                     observer.Report(stage, done, total);
                                   }));
    return {};
  };
  RECOUP_TRY(encode("encoding training", data.training, encoded.training));
  RECOUP_TRY(encode("encoding validation", data.validation, encoded.validation));
  RECOUP_TRY(encode("encoding test", data.test, encoded.test));
  return encoded;
}

EncodedSplit WithoutSurroundings(const EncodedSplit& encoded) {
  return {Alone(encoded.training), Alone(encoded.validation), Alone(encoded.test)};
}

Result<NetworkMember> TrainMember(const NetworkPlugin& plugin, const PreparedData& data,
                                  const EncodedSplit& encoded, const TrainingOptions& options,
                                  const Observer& observer) {
  const std::string stage = "training network, seed " + std::to_string(options.seed);
  RECOUP_TRY(observer.Enter(stage));
  const auto progress = [&](const TrainingProgress& at) {
    const auto batches = static_cast<std::size_t>(at.batches);
    const std::size_t epochs_done = at.epoch > 0 ? static_cast<std::size_t>(at.epoch - 1) : 0;
    observer.Report(stage, epochs_done * batches + static_cast<std::size_t>(at.batch),
                    static_cast<std::size_t>(options.max_epochs) * batches);
  };
  NetworkMember member;
  RECOUP_ASSIGN(member.training,
                plugin.Train(data.schema, {encoded.training, data.outcomes.training},
                             {encoded.validation, data.outcomes.validation}, options, progress,
                             observer.stop));
  member.artifact.version = "seed-" + std::to_string(options.seed);
  member.artifact.weights = member.training.weights;
  member.artifact.schema = data.schema;
  member.artifact.card_json = "{}";
  return member;
}

Result<std::vector<RecoveryDistribution>> DistributionsOf(
    const Predictor& predictor, std::span<const EncodedNeighbourhood> inputs) {
  RECOUP_ASSIGN(const std::vector<RecoveryForecast> forecasts, predictor.Predict(inputs));
  std::vector<RecoveryDistribution> distributions;
  distributions.reserve(forecasts.size());
  for (const RecoveryForecast& forecast : forecasts) distributions.push_back(forecast.distribution);
  return distributions;
}

void AttachContext(const LearntEnsemble& learnt, std::span<const std::uint32_t> loans,
                   std::vector<EncodedNeighbourhood>& inputs) {
  RECOUP_CHECK(loans.size() == inputs.size());
  for (std::size_t i = 0; i < loans.size(); ++i) inputs[i].context = learnt.ContextOf(loans[i]);
}

Result<SplitDistributions> ForecastDistributions(const NetworkPlugin& plugin,
                                                 const PreparedData& data,
                                                 const EncodedSplit& encoded,
                                                 const TrainingOptions& options, int seeds,
                                                 const Observer& observer) {
  if (seeds < 1) {
    return Error{ErrorCode::kInvalidArgument,
                 "at least one seed is needed: " + std::to_string(seeds)};
  }
  std::vector<std::vector<RecoveryDistribution>> validation;
  std::vector<std::vector<RecoveryDistribution>> test;
  for (int i = 0; i < seeds; ++i) {
    TrainingOptions seeded = options;
    seeded.seed += static_cast<std::uint64_t>(i);
    RECOUP_ASSIGN(const NetworkMember member, TrainMember(plugin, data, encoded, seeded, observer));
    RECOUP_ASSIGN(const std::unique_ptr<Predictor> predictor,
                  plugin.MakePredictor(member.artifact));
    RECOUP_TRY(observer.Enter("forecasting with the network"));
    RECOUP_ASSIGN(auto validation_part, DistributionsOf(*predictor, encoded.validation));
    RECOUP_ASSIGN(auto test_part, DistributionsOf(*predictor, encoded.test));
    validation.push_back(std::move(validation_part));
    test.push_back(std::move(test_part));
  }
  return SplitDistributions{AverageDistributions(validation), AverageDistributions(test)};
}

Result<ModelPredictions> PredictWithNetworks(const NetworkPlugin& plugin, const PreparedData& data,
                                             const EncodedSplit& encoded,
                                             const TrainingOptions& options, int seeds,
                                             const Observer& observer) {
  RECOUP_ASSIGN(const SplitDistributions forecast,
                ForecastDistributions(plugin, data, encoded, options, seeds, observer));
  return PredictionsFromDistributions(
      forecast.test, CalibrateIntervals(forecast.validation, data.outcomes.validation));
}

}  // namespace recoup::model
