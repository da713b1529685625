// The one encoder: facts in, numbers out, the same in training and serving.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graph/sampling/neighbourhood.h"
#include "graph/store/graph_store.h"
#include "graph/store/graph_view.h"
#include "graph/types/node_id.h"
#include "graph/types/result.h"
#include "model/features/encoded_neighbourhood.h"
#include "model/features/feature_schema.h"

namespace recoup::model {

class PeerPool;

/// Where one node's row goes.
/// Shape: numeric[KindFeatures::numeric_width()], categories[KindFeatures::categories.size()].
struct NodeRow {
  float* numeric = nullptr;
  std::int32_t* categories = nullptr;
};

/// Applies one feature schema to one store's nodes.
/// Threads: share freely. Lifetime: independent of the views it reads.
class Encoder {
 public:
  /// `attributes` are GraphView::Attributes() of the store that will be read; a schema attribute
  /// that the store does not know, or knows under another type, counts as missing.
  Encoder(FeatureSchema schema, std::span<const graph::AttributeDefinition> attributes);
  ~Encoder();
  Encoder(Encoder&&) noexcept;
  Encoder& operator=(Encoder&&) noexcept;

  const FeatureSchema& schema() const;

  /// Encodes a sampled neighbourhood as of the view's day. `own_loan`, if given, supplies row 0 in
  /// place of nodes[0] (used to shuffle edges in ablations); the outcomes of both stay hidden.
  /// Errors: kDataLoss, kNotFound (a node is not known by the view's day).
  Result<EncodedNeighbourhood> Encode(const graph::GraphView& view,
                                      const graph::Neighbourhood& neighbourhood,
                                      std::optional<graph::NodeId> own_loan = std::nullopt) const;

  /// Encodes one node with nothing hidden: the row that it has in the neighbourhood of every loan
  /// whose outcome is not known by the view's day (such a loan has nothing to hide).
  /// Errors: those of Encode.
  Result<void> EncodeNode(const graph::GraphView& view, graph::NodeId node, PeerPool& pool,
                          NodeRow row) const;

 private:
  struct Plan;
  FeatureSchema schema_;
  std::unique_ptr<const Plan> plan_;
};

/// A loan whose outcome is known, with the day as of which its inputs are read.
struct Example {
  graph::NodeId loan;
  Date as_of;  // the outcome's valuation date
  Date outcome_known_at;
  double recovery_rate = 0.0;

  bool operator==(const Example&) const = default;
};

struct CollectedExamples {
  std::vector<Example> examples;  // ascending by (outcome_known_at, loan)
  /// Outcomes left out because they were known on their valuation date: the view of that day holds
  /// what was learnt with the outcome.
  std::size_t known_at_once = 0;
  /// Outcomes left out because the view of their valuation date does not show the loan: it was not
  /// known yet, or removed for a time.
  std::size_t not_shown = 0;
};

struct ExampleOptions {
  /// Value every loan this many days before its outcome was known, in place of the valuation date
  /// of its outcome; 0 is the day itself, and then no outcome counts as known at once. Of that day
  /// a model sees attributes of role kFeature only, so nothing of the outcome.
  std::optional<std::int32_t> lag_days{};
};

/// Returns an example for every outcome that the store knows, of loans that were removed later too.
/// Errors: kDataLoss.
Result<CollectedExamples> CollectExamples(const graph::GraphStore& store,
                                          const ExampleOptions& options = {});

/// Fits scales and vocabularies on what was known of the loans of `examples` and their
/// neighbourhoods as of each example's day (of other kinds than loans: around at most 5,000 evenly
/// spaced examples). Attributes of role kForbidden or kLabel are left out unless named in
/// `allow_forbidden`, texts always. Categories keep words seen at least `min_count` times, at most
/// the 256 most frequent. Left out are attributes without a value, numbers that never vary, and
/// categories of which no word is kept. Amounts keep their most frequent currency.
/// Errors: kInvalidArgument (no examples), kDataLoss.
struct FitOptions {
  graph::SamplingOptions sampling;
  std::uint32_t min_count = 20;
  /// Names of attributes.
  std::vector<std::string> allow_forbidden;
};
Result<FeatureSchema> FitFeatureSchema(const graph::GraphStore& store,
                                       std::span<const Example> examples,
                                       const FitOptions& options);

}  // namespace recoup::model
