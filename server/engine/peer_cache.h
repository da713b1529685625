// The resolved loans as the active model sees them: read once, kept, and found again after a
// restart.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "graph/schema/fact.h"
#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/runtime/peer_book.h"
#include "server/lifecycle/model_repository.h"

namespace recoup::server {

/// Keeps the peer book, and its snapshot in a file (docs/formats/peers.md) that a note in the store
/// vouches for. A snapshot that is stale, damaged or of something else is the same as none: the
/// loans are read again.
/// Threads: share freely. Lifetime: must not outlive the store.
class PeerCache {
 public:
  struct Options {
    /// Of the snapshot. Empty: none is kept.
    std::filesystem::path file;
    /// As EngineOptions::warn.
    std::function<void(const std::string&)> warn;
  };

  /// `durable` has the notes.
  PeerCache(graph::GraphStore& durable, Options options);
  /// Vouches for the snapshot once more if facts came that did not touch the book.
  ~PeerCache();
  PeerCache(const PeerCache&) = delete;
  PeerCache& operator=(const PeerCache&) = delete;

  /// Returns the book; null for a model that asks no peers. Reads it from the snapshot, else from
  /// `store`, which is `durable` or its twin. Errors: kDataLoss.
  /// REQUIRES: no facts are being written that MayBeTouchedBy.
  Result<std::shared_ptr<const model::PeerBook>> For(
      const std::shared_ptr<const ActiveModel>& model, const graph::GraphStore& store) const;

  /// Whether the facts may change the book, as far as is known without reading it.
  bool MayBeTouchedBy(const graph::FactBatch& facts) const;
  /// The next question reads again.
  void Forget();

 private:
  using Book = std::shared_ptr<const model::PeerBook>;

  Result<Book> Read(const ActiveModel& model, const graph::GraphStore& store) const;
  /// Null without a snapshot that can be used.
  Book ReadSnapshot(const ActiveModel& model, std::uint64_t epoch) const;
  Result<void> WriteSnapshot(const std::string& sealed, std::uint64_t epoch) const;
  Result<void> Vouch(std::uint64_t epoch) const;

  graph::GraphStore& durable_;
  const Options options_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const ActiveModel> model_;
  mutable Book book_;
  /// The seal of the snapshot that holds book_, and the epoch for which the store vouches for it.
  mutable std::optional<std::string> seal_;
  mutable std::uint64_t vouched_epoch_ = 0;
};

}  // namespace recoup::server
