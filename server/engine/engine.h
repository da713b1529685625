// The use cases on a store and its models in this process.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/features/encoder.h"
#include "server/engine/memory_twin.h"
#include "server/engine/peer_cache.h"
#include "server/engine/valuation_source.h"
#include "server/lifecycle/model_repository.h"

namespace recoup::server {

struct EngineOptions {
  std::filesystem::path store;
  /// Holds one directory a model. It may be missing: then only valuing fails.
  std::filesystem::path models;
  /// Empty: the highest version.
  std::string active_version;
  /// One of kBackends (server/lifecycle/model_loader.h).
  std::string backend = "auto";
  /// Copy the store into RAM and read from there: faster answers, for several times the memory.
  bool serve_from_memory = false;
  /// Workers of one ValueLoans call; results do not depend on it. 0: one a core.
  int threads = 0;
  /// With serve_from_memory: Open does not wait for the copy; until it is complete, the store on
  /// disk gives the same answers.
  bool answer_while_copying = false;
  /// Told of what makes answers worse and fails nothing, in one sentence; may be called from any
  /// thread. Empty: nobody is told.
  std::function<void(const std::string&)> warn{};
};

/// Answers from a store directory that this process has open, and from the active model.
/// Threads: share freely.
class Engine final : public ValuationSource {
 public:
  /// Errors: those of OpenRocksGraphStore (the store must exist) and ModelRepository::Open.
  static Result<std::unique_ptr<Engine>> Open(const EngineOptions& options);
  ~Engine() override;

  /// Reads what valuations of the active model need beyond the loan, and leaves it beside the store
  /// for the next start. Errors: those of a valuation without a loan.
  Result<void> MakeReady() const;

  Result<LoanAnswer> ValueLoan(std::string_view loan_id,
                               const ValueRequest& request) const override;
  Result<void> ValueLoans(std::span<const std::string> loan_ids, const ValueRequest& request,
                          const std::function<Result<void>(const PortfolioItem&)>& visit,
                          const std::atomic<bool>* stop) const override;
  Result<graph::ApplyReceipt> ApplyFacts(const graph::FactBatch& batch) override;
  Result<NamedNode> GetNode(const graph::NodeKey& key, std::optional<Date> as_of) const override;
  Result<NeighbourhoodAnswer> GetNeighbourhood(
      std::string_view loan_id, std::optional<Date> as_of,
      std::optional<graph::SamplingOptions> options) const override;
  Result<graph::StoreStatistics> Statistics() const override;
  Result<std::vector<ModelSummary>> ListModels() const override;
  Result<ModelCardAnswer> GetModelCard(std::string_view version) const override;

  /// Whether the copy in memory answers, rather than the store on disk.
  bool ReadsFromMemory() const { return twin_ != nullptr && twin_->Get() != nullptr; }

  /// The store that answers reads.
  const graph::GraphStore& store() const {
    const graph::GraphStore* const twin = twin_ == nullptr ? nullptr : twin_->Get();
    return twin == nullptr ? *durable_ : *twin;
  }

 private:
  struct Serving;

  Engine(std::unique_ptr<graph::GraphStore> durable, std::unique_ptr<ModelRepository> models,
         const EngineOptions& options);

  Result<std::unique_ptr<const graph::GraphView>> ViewAsOf(std::optional<Date> as_of) const;
  Result<Serving> Prepare(const ValueRequest& request) const;
  std::shared_ptr<const model::Encoder> EncoderFor(const std::shared_ptr<const ActiveModel>& model,
                                                   const graph::GraphView& view) const;
  /// REQUIRES: apply_mutex_ is held.
  Result<graph::ApplyReceipt> Write(const graph::FactBatch& batch);
  /// Errors: those of LedgerFor and Write. REQUIRES: apply_mutex_ is held.
  Result<std::optional<graph::ApplyReceipt>> GoOnWithLedger(const graph::FactBatch& batch);
  bool MayTouchPeers(const graph::FactBatch& batch) const;

  std::unique_ptr<graph::GraphStore> durable_;
  std::unique_ptr<ModelRepository> models_;
  int threads_ = 1;
  std::function<void(const std::string&)> warn_;
  std::mutex apply_mutex_;            // keeps the twin's batches in the durable store's order
  std::unique_ptr<MemoryTwin> twin_;  // null: everything is read from disk

  // The encoder of the last request: it only changes with the model or with the graph's attributes.
  struct CachedEncoder {
    std::uint64_t epoch = 0;
    std::shared_ptr<const ActiveModel> model;
    std::shared_ptr<const model::Encoder> encoder;
  };
  mutable std::mutex encoder_mutex_;
  mutable CachedEncoder cached_encoder_;

  // A request pins its view and its peers under a shared lock; facts that change the peers are
  // written under an exclusive one. So both are of one epoch, or of epochs with the same peers.
  mutable std::shared_mutex pin_mutex_;

  PeerCache peers_;
};

}  // namespace recoup::server
