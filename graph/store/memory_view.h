// Reads a memory image as of one day and one epoch.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "graph/store/attribute_catalog.h"
#include "graph/store/graph_view.h"
#include "graph/store/memory_image.h"
#include "graph/store/resolution.h"

namespace recoup::graph {

/// A lock that many readers share and that a writer soon gets, however busy the readers are. Each
/// reading thread counts itself in a cache line of its own, if there are not too many: with one
/// counter for all, two cores spent a fifth of a portfolio's time on passing it to and fro. The
/// writer takes every counter.
class ImageLock {
 public:
  /// The guard is released by the thread that took it.
  std::shared_lock<std::shared_mutex> Read() const;

  class Write {
   public:
    explicit Write(ImageLock& lock);
    ~Write();
    Write(const Write&) = delete;
    Write& operator=(const Write&) = delete;

   private:
    ImageLock& lock_;
  };

 private:
  struct alignas(64) Counter {
    std::shared_mutex mutex;
  };

  mutable std::array<Counter, 16> counters_;
  mutable std::mutex gate_;  // readers queue here while a writer waits
  std::atomic<bool> writer_waits_ = false;
};

/// What the store in memory and its views share.
struct MemoryState {
  ImageLock lock;
  MemoryImage image;
  AttributeCatalog catalog;
};

class MemoryView final : public GraphView {
 public:
  MemoryView(const MemoryState& state, Horizon horizon, std::uint64_t epoch)
      : state_(state), image_(state.image), horizon_(horizon), epoch_(epoch) {}

  Date as_of() const override { return horizon_.as_of; }
  std::uint64_t epoch() const override { return epoch_; }
  Result<NodeId> Find(const NodeKey& key) const override;
  Result<NodeRecord> Node(NodeId id) const override;
  Result<CsrBlock> Neighbours(std::span<const NodeId> seeds, Relation relation,
                              std::size_t limit) const override;
  Result<std::vector<EdgeRecord>> Edges(NodeId id, Relation relation,
                                        std::size_t limit) const override;
  Result<std::optional<Outcome>> OutcomeOf(NodeId loan) const override;
  Result<std::vector<ResolvedPeer>> ResolvedPeers(NodeId entity, Relation relation,
                                                  std::size_t limit) const override;
  Result<std::vector<NodeId>> Nodes(NodeKind kind) const override;
  std::vector<AttributeDefinition> Attributes() const override;

 private:
  bool Exists(const MemoryNode& node) const;
  bool IsGone(NodeId id) const;
  template <typename Visit>
  void VisitEdges(NodeId id, Relation relation, std::size_t limit, Visit visit) const;
  void MergeOlderEdges(NodeId id, Relation relation, const MemoryEdge& newest,
                       EdgeRecord* record) const;
  bool IsJoined(NodeId loan, Relation from_loan, NodeId entity) const;
  const OutcomeEntry* NewestOutcome(const MemoryNode& loan, Date last_day) const;
  bool ResolvePeer(NodeId entity, Relation relation, const PeerEntry& entry,
                   ResolvedPeer* peer) const;

  const MemoryState& state_;
  const MemoryImage& image_;
  const Horizon horizon_;
  const std::uint64_t epoch_;
};

}  // namespace recoup::graph
