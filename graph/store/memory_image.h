// The graph's histories in RAM: what the store in memory holds.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "graph/store/batch_plan.h"
#include "graph/store/graph_store.h"
#include "graph/store/peer_entry.h"
#include "graph/store/relation_number.h"

namespace recoup::graph {

/// One entry in the list of a node's edges over one relation.
struct MemoryEdge {
  EntryOrder order;
  NodeId neighbour;
  Date effective_at;
  std::uint32_t attributes = 0;  // index of MemoryImage::edge_attributes; 0 has none
  bool removal = false;
  bool has_older = false;  // the list holds an older entry of the same edge
};

struct MemoryRelation {
  std::uint16_t number = 0;
  std::vector<MemoryEdge> edges;  // ascending by order
  std::vector<PeerEntry> peers;   // ascending by (known_at, loan)
};

struct MemoryNode {
  std::string external_id;
  Date first_known_at;
  std::vector<NodeEntry> versions;  // ascending by order
  std::vector<MemoryRelation> relations;
  std::vector<OutcomeEntry> outcomes;  // ascending by order

  const MemoryRelation* FindRelation(std::uint16_t number) const;
};

/// Every history, each in order, so that readers search instead of sorting.
/// Threads: const methods from many threads, as long as none calls Apply.
class MemoryImage final : public NodeDirectory {
 public:
  MemoryImage();

  Result<std::optional<DirectoryEntry>> Lookup(const NodeKey& key) const override;
  std::uint64_t Count(NodeKind kind) const override { return NodesOf(kind).size(); }

  /// Returns the node, or null if there is none of this id.
  const MemoryNode* Find(NodeId id) const;
  const std::vector<MemoryNode>& NodesOf(NodeKind kind) const;
  const std::vector<StoredAttribute>& edge_attributes(std::uint32_t index) const {
    return edge_attributes_[index];
  }

  /// Nodes that some fact removes. Readers ask about these alone whether they still exist.
  const std::unordered_set<NodeId>& removed() const { return removed_; }
  const StoreStatistics& statistics() const { return statistics_; }
  std::uint64_t last_sequence() const { return last_sequence_; }

  /// REQUIRES: the plan was made from this image.
  void Apply(BatchPlan plan);

 private:
  struct ListName {
    NodeId node;
    std::uint16_t relation = 0;
    auto operator<=>(const ListName&) const = default;
  };
  /// A loan, one of its relations and who stands at the other end.
  struct Joint {
    NodeId loan;
    std::uint16_t relation = 0;
    NodeId entity;
    auto operator<=>(const Joint&) const = default;
  };

  MemoryNode& At(NodeId id);
  MemoryRelation& ListOf(NodeId node, std::uint16_t relation);
  void AddNodes(const BatchPlan& plan);
  std::vector<NodeId> AddVersions(BatchPlan* plan);
  std::vector<NodeId> AddOutcomes(const BatchPlan& plan);
  void AddEdges(BatchPlan* plan);
  void LinkEdge(const EdgeEntry& edge, std::uint64_t first_sequence);
  std::vector<PairEntry> PairOf(NodeId node, Relation relation, NodeId neighbour) const;
  void MarkOlder(NodeId node, Relation relation, std::span<const PairEntry> pair);
  std::vector<Joint> JointsOf(const BatchPlan& plan, const std::vector<NodeId>& resolved) const;
  void UpdatePeers(const std::vector<Joint>& joints);

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using Index = std::unordered_map<std::string, std::uint64_t, TextHash, std::equal_to<>>;

  std::array<std::vector<MemoryNode>, 16> nodes_;
  std::array<Index, 16> index_;
  std::deque<std::vector<StoredAttribute>> edge_attributes_;
  std::unordered_set<NodeId> removed_;
  StoreStatistics statistics_;
  std::uint64_t last_sequence_ = 0;
};

}  // namespace recoup::graph
