// A world that was learnt and is served: store, ledger, ensemble and artifact, as `recoup train`
// leaves them, around a network that says something of every loan.
#pragma once

#include <memory>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "graph/sampling/neighbourhood.h"
#include "model/artifact/model_artifact.h"
#include "model/features/encoder.h"
#include "model/learning/learnt_ensemble.h"
#include "model/learning/ledger.h"
#include "model/predictor/predictor.h"
#include "tests/unit/model/learning/peer_world.h"
#include "tests/unit/model/learning/random_plugin.h"

namespace recoup::model::testing {

/// Mass everywhere, and most of it in a cell that the loan's first number chooses.
class LeaningPredictor final : public Predictor {
 public:
  Result<std::vector<RecoveryForecast>> Predict(
      std::span<const EncodedNeighbourhood> inputs) const override {
    std::vector<RecoveryForecast> forecasts;
    for (const EncodedNeighbourhood& input : inputs) {
      const float first = input.Of(graph::NodeKind::kLoan).numeric.front();  // of [-1, 1]
      RecoveryDistribution::Masses masses{};
      masses.fill(0.5 / static_cast<double>(masses.size()));
      masses[RecoveryDistribution::CellOf(std::clamp(0.5 + 0.5 * first, 0.0, 1.0))] += 0.5;
      RECOUP_ASSIGN(const auto distribution, RecoveryDistribution::FromMasses(masses));
      forecasts.push_back({distribution, 0.0, 1.0, 0.8});
    }
    return forecasts;
  }

  std::string_view backend() const override { return "leaning"; }
};

struct ServedWorld {
  explicit ServedWorld(int seeds = 2) {
    for (WorldLoan& loan : world.loans) loan.is_resolved = loan.known_at < Today();
    book = world.Book();
    LearnOptions options{.ensemble = SmallWalk().ensemble};
    options.ensemble.seeds = seeds;
    options.credibility.variant = CredibilityVariant::kDeep;
    learnt = Learn(options);
    const std::vector<graph::Fact> entries = LedgerEntries(*learnt, "v1", {});
    world.more.insert(world.more.end(), entries.begin(), entries.end());
    store = world.Store();
    artifact.version = "v1";
    artifact.schema = learnt->fitted().schema;
    artifact.ensemble = learnt->ensemble();
    artifact.ensemble->network_weight = 0.375;
    artifact.ensemble->calibration.band_ends = {0.4F, 0.6F};
  }

  /// Labels before this day were learnt; 150 loans are valued from then on, and about half of those
  /// are resolved by Today().
  static Date LearntBefore() { return PeerWorld::FirstDay().PlusDays(950); }
  static Date Today() { return PeerWorld::FirstDay().PlusDays(1130); }

  /// Lifetime: `book` and `plugin` are pointed at.
  std::unique_ptr<LearntEnsemble> Learn(const LearnOptions& options) const {
    auto made = LearntEnsemble::Learn(book, LearntBefore(), options, &plugin, {});
    if (!made.has_value()) FAIL(made.error().message);
    return std::make_unique<LearntEnsemble>(std::move(made).value());
  }

  EncodedNeighbourhood Encoded(const graph::GraphView& view, graph::NodeId loan) const {
    const Encoder encoder(artifact.schema, view.Attributes());
    const auto neighbourhood = graph::SampleNeighbourhood(view, loan, artifact.sampling);
    REQUIRE(neighbourhood.has_value());
    auto encoded = encoder.Encode(view, *neighbourhood);
    REQUIRE(encoded.has_value());
    return std::move(encoded).value();
  }

  PeerWorld world{1100, 1};
  LoanBook book;  // as it was when the ensemble was learnt: without a ledger
  RandomPlugin plugin;
  std::unique_ptr<LearntEnsemble> learnt;
  std::unique_ptr<graph::GraphStore> store;  // with the ledger
  ModelArtifact artifact;
};

}  // namespace recoup::model::testing
