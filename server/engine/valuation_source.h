// What a user can ask of Recoup, whether the answer comes from this process or from a server.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/sampling/neighbourhood.h"
#include "graph/schema/fact.h"
#include "graph/store/graph_store.h"
#include "graph/types/date.h"
#include "graph/types/result.h"
#include "model/valuation/loan_valuation.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::server {

/// Everything needed to reproduce a number bit for bit later.
struct Provenance {
  std::string model_version;
  std::string artifact_checksum;
  std::string feature_schema_hash;
  std::uint64_t graph_epoch = 0;
  Date as_of;
  std::string backend;

  bool operator==(const Provenance&) const = default;
};

/// One valued loan.
struct LoanAnswer {
  std::string loan_id;
  model::RecoveryForecast forecast;
  model::LoanValuation valuation;
  Provenance provenance;

  bool operator==(const LoanAnswer&) const = default;
};

/// One loan of a portfolio: valued, or why not.
struct PortfolioItem {
  std::string loan_id;
  Result<LoanAnswer> answer;
  /// Loans in the whole portfolio.
  std::uint64_t total = 0;
};

struct ValueRequest {
  /// Default: the latest day on which the graph learnt anything.
  std::optional<Date> as_of;
  model::ValuationTerms terms;
};

/// A node with the names of its attributes.
struct NamedNode {
  graph::NodeKey key;
  Date first_known_at;
  std::vector<graph::NamedAttribute> attributes;

  bool operator==(const NamedNode&) const = default;
};

struct NeighbourhoodAnswer {
  std::vector<NamedNode> nodes;  // nodes[0] is the loan
  std::vector<graph::NeighbourhoodEdge> edges;
  std::uint64_t epoch = 0;
};

struct ModelSummary {
  std::string version;
  std::string artifact_checksum;
  std::string feature_schema_hash;
  bool active = false;
  std::string fault;  // why it cannot be used; empty if it can

  bool operator==(const ModelSummary&) const = default;
};

struct ModelCardAnswer {
  ModelSummary model;
  std::string card_json;
};

/// The use cases. Implemented by Engine (this process) and by client::RemoteSource (over gRPC), so
/// that the command line says the same through both.
/// Threads: share freely.
class ValuationSource {
 public:
  virtual ~ValuationSource() = default;

  /// Errors: kNotFound (no such loan by that day), kInvalidArgument (a term makes no sense),
  /// kFailedPrecondition (no model; the loan has no balance).
  virtual Result<LoanAnswer> ValueLoan(std::string_view loan_id,
                                       const ValueRequest& request) const = 0;

  /// Values the loans named, in that order, or, if none is named, every loan that is non-performing
  /// by the as-of date, ascending by id; all on one epoch. Calls `visit` for each in order, until
  /// it fails or `stop` becomes true. Errors: as ValueLoan where they concern the whole portfolio;
  /// kCancelled; what `visit` returned.
  virtual Result<void> ValueLoans(std::span<const std::string> loan_ids,
                                  const ValueRequest& request,
                                  const std::function<Result<void>(const PortfolioItem&)>& visit,
                                  const std::atomic<bool>* stop) const = 0;

  virtual Result<graph::ApplyReceipt> ApplyFacts(const graph::FactBatch& batch) = 0;

  virtual Result<NamedNode> GetNode(const graph::NodeKey& key, std::optional<Date> as_of) const = 0;

  /// `options`: default those of the active model, else 15 and 10.
  /// Errors: kNotFound, kResourceExhausted (more than 20,000 nodes).
  virtual Result<NeighbourhoodAnswer> GetNeighbourhood(
      std::string_view loan_id, std::optional<Date> as_of,
      std::optional<graph::SamplingOptions> options) const = 0;

  virtual Result<graph::StoreStatistics> Statistics() const = 0;

  virtual Result<std::vector<ModelSummary>> ListModels() const = 0;

  /// `version` empty: the active model. Errors: kNotFound.
  virtual Result<ModelCardAnswer> GetModelCard(std::string_view version) const = 0;
};

}  // namespace recoup::server
