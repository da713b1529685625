#include "model/runtime/ensemble_predictor.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "model/features/own_row.h"
#include "model/peers/peer_answer.h"
#include "model/runtime/credibility_pass.h"
#include "model/runtime/ensemble_forecast.h"
#include "model/runtime/rolling_calibration.h"
#include "model/valuation/calibrated_interval.h"
#include "model/valuation/tilted_distribution.h"

namespace recoup::model {
namespace {

// What a forecast writes on its way: some 20 KB, and kept, so that the next one allocates nothing.
struct Scratch {
  std::vector<float> own;
  OrderedRow row;
  CredibilityPass::Scratch credibility;
};

// One a thread, whichever predictor it asks: workers are few and live long, so nobody waits for a
// lock, and memory goes when its thread does. A pool would need one or the other.
Scratch& ScratchOfThisThread() {
  thread_local Scratch scratch;
  return scratch;
}

class EnsemblePredictor final : public Predictor {
 public:
  EnsemblePredictor(Ensemble ensemble, const FeatureSchema& schema,
                    std::vector<CredibilityPass> credibility, std::unique_ptr<Predictor> network)
      : ensemble_(std::move(ensemble)),
        loan_(schema.Of(graph::NodeKind::kLoan)),
        own_columns_(OwnColumns(loan_).size()),
        members_(ensemble_, own_columns_),
        credibility_(std::move(credibility)),
        network_(std::move(network)) {}

  Result<std::vector<RecoveryForecast>> Predict(
      std::span<const EncodedNeighbourhood> inputs) const override {
    for (const EncodedNeighbourhood& input : inputs) RECOUP_TRY(CheckPeers(input));
    RECOUP_ASSIGN(std::vector<RecoveryForecast> forecasts, network_->Predict(inputs));
    Scratch& scratch = ScratchOfThisThread();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      RECOUP_ASSIGN(forecasts[i], Tilted(inputs[i], forecasts[i], scratch));
    }
    return forecasts;
  }

  Result<RecoveryForecast> Refine(const EncodedNeighbourhood& input,
                                  const RecoveryForecast& network) const override {
    RECOUP_TRY(CheckPeers(input));
    return Tilted(input, network, ScratchOfThisThread());
  }

  std::string_view backend() const override { return network_->backend(); }

 private:
  static Result<void> CheckPeers(const EncodedNeighbourhood& input) {
    if (input.peers != nullptr) return {};
    return Error{ErrorCode::kInvalidArgument,
                 "the model's ensemble asks resolved peers, and the input carries none"};
  }

  Result<RecoveryForecast> Tilted(const EncodedNeighbourhood& input,
                                  const RecoveryForecast& network, Scratch& scratch) const {
    const double mean = MeanFor(input, network.distribution.Mean(), scratch);
    const std::size_t band = BandOf(ensemble_.calibration, mean);
    return CalibrateForecast(TiltToMean(network.distribution, mean), ensemble_.calibration.coverage,
                             input.peers->margins[band]);
  }

  double MeanFor(const EncodedNeighbourhood& input, double network_mean, Scratch& scratch) const {
    const PeerAnswer& peers = *input.peers;
    const KindRows& rows = input.Of(graph::NodeKind::kLoan);
    const auto numeric = std::span(rows.numeric).first(loan_.outcome_column());
    const auto categories = std::span(rows.categories).first(loan_.categories.size());
    scratch.own.assign(own_columns_, 0.0F);
    WriteOwnRow(loan_, numeric, categories, scratch.own.data());

    EnsembleInput question{scratch.own, peers.outcome, peers.residual, peers.nearest,
                           peers.has_history};
    const CredibilityQuestion heard{numeric,           categories,        peers.rows.get(),
                                    peers.slots.peers, peers.slots.years, peers.slots.residuals,
                                    input.context};
    for (const CredibilityPass& seed : credibility_) {
      question.credibility += seed.Forecast(heard, scratch.credibility);
    }
    question.credibility /= std::max<double>(1.0, static_cast<double>(credibility_.size()));
    return EnsembleMean(ensemble_, members_.Forecast(question, scratch.row), network_mean);
  }

  Ensemble ensemble_;
  KindFeatures loan_;
  std::size_t own_columns_;
  PackedMembers members_;  // of ensemble_
  std::vector<CredibilityPass> credibility_;
  std::unique_ptr<Predictor> network_;
};

}  // namespace

Result<std::unique_ptr<Predictor>> MakeEnsemblePredictor(const ModelArtifact& artifact,
                                                         std::unique_ptr<Predictor> network) {
  RECOUP_CHECK(artifact.ensemble.has_value());
  RECOUP_ASSIGN(std::vector<CredibilityPass> credibility,
                CredibilityPasses(*artifact.ensemble, artifact.schema));
  return std::unique_ptr<Predictor>(std::make_unique<EnsemblePredictor>(
      *artifact.ensemble, artifact.schema, std::move(credibility), std::move(network)));
}

}  // namespace recoup::model
