#include "graph/store/memory_image.h"

#include <algorithm>
#include <utility>

namespace recoup::graph {
namespace {

constexpr auto kByOrder = [](const auto& a, const auto& b) { return a.order < b.order; };
constexpr auto kByPeer = [](const PeerEntry& a, const PeerEntry& b) {
  return std::pair(a.known_at, a.loan) < std::pair(b.known_at, b.loan);
};

template <typename T>
void SortUnique(std::vector<T>* items) {
  std::sort(items->begin(), items->end());
  items->erase(std::unique(items->begin(), items->end()), items->end());
}

// Puts a list in order whose first part already is.
template <typename T, typename Less>
void Settle(std::vector<T>* list, Less less) {
  const auto middle = std::is_sorted_until(list->begin(), list->end(), less);
  if (middle == list->end()) return;
  std::sort(middle, list->end(), less);
  std::inplace_merge(list->begin(), middle, list->end(), less);
}

}  // namespace

const MemoryRelation* MemoryNode::FindRelation(std::uint16_t number) const {
  for (const MemoryRelation& relation : relations) {
    if (relation.number == number) return &relation;
  }
  return nullptr;
}

MemoryImage::MemoryImage() { edge_attributes_.emplace_back(); }

Result<std::optional<DirectoryEntry>> MemoryImage::Lookup(const NodeKey& key) const {
  const auto kind = static_cast<std::size_t>(key.kind);
  if (kind >= index_.size()) return std::optional<DirectoryEntry>();
  const auto found = index_[kind].find(std::string_view(key.external_id));
  if (found == index_[kind].end()) return std::optional<DirectoryEntry>();
  return std::optional(DirectoryEntry{NodeId(static_cast<std::uint8_t>(kind), found->second),
                                      nodes_[kind][found->second].first_known_at});
}

const MemoryNode* MemoryImage::Find(NodeId id) const {
  if (id.kind_number() >= nodes_.size()) return nullptr;
  const std::vector<MemoryNode>& nodes = nodes_[id.kind_number()];
  return id.index() < nodes.size() ? &nodes[id.index()] : nullptr;
}

const std::vector<MemoryNode>& MemoryImage::NodesOf(NodeKind kind) const {
  static const std::vector<MemoryNode> none;
  const auto number = static_cast<std::size_t>(kind);
  return number < nodes_.size() ? nodes_[number] : none;
}

MemoryNode& MemoryImage::At(NodeId id) { return nodes_[id.kind_number()][id.index()]; }

MemoryRelation& MemoryImage::ListOf(NodeId node, std::uint16_t relation) {
  std::vector<MemoryRelation>& relations = At(node).relations;
  for (MemoryRelation& list : relations) {
    if (list.number == relation) return list;
  }
  return relations.emplace_back(MemoryRelation{relation, {}, {}});
}

void MemoryImage::Apply(BatchPlan plan) {
  AddNodes(plan);
  for (const NodeId node : AddVersions(&plan)) Settle(&At(node).versions, kByOrder);
  const std::vector<NodeId> resolved = AddOutcomes(plan);
  AddEdges(&plan);
  UpdatePeers(JointsOf(plan, resolved));
  statistics_.epoch = plan.epoch;
  statistics_.facts += plan.last_sequence + 1 - plan.first_sequence;
  statistics_.latest_known_at = std::max(statistics_.latest_known_at, plan.latest_known_at);
  last_sequence_ = plan.last_sequence;
}

void MemoryImage::AddNodes(const BatchPlan& plan) {
  for (const DirectoryChange& change : plan.directory) {
    const NodeId id = change.entry.id;
    if (change.created) {
      nodes_[id.kind_number()].emplace_back().external_id = change.key.external_id;
      index_[id.kind_number()].emplace(change.key.external_id, id.index());
      ++statistics_.nodes[change.key.kind];
    }
    At(id).first_known_at = change.entry.first_known_at;
  }
}

std::vector<NodeId> MemoryImage::AddVersions(BatchPlan* plan) {
  std::vector<NodeId> touched;
  for (NodeEntry& entry : plan->nodes) {
    if (entry.operation == EntryOperation::kRemove) removed_.insert(entry.node);
    touched.push_back(entry.node);
    At(entry.node).versions.push_back(std::move(entry));
  }
  SortUnique(&touched);
  return touched;
}

std::vector<NodeId> MemoryImage::AddOutcomes(const BatchPlan& plan) {
  std::vector<NodeId> touched;
  for (const OutcomeEntry& entry : plan.outcomes) {
    std::vector<OutcomeEntry>& outcomes = At(entry.loan).outcomes;
    if (outcomes.empty()) ++statistics_.outcomes;
    outcomes.push_back(entry);
    touched.push_back(entry.loan);
  }
  SortUnique(&touched);
  for (const NodeId loan : touched) Settle(&At(loan).outcomes, kByOrder);
  return touched;
}

void MemoryImage::AddEdges(BatchPlan* plan) {
  std::vector<ListName> touched;
  for (EdgeEntry& edge : plan->edges) {
    std::uint32_t attributes = 0;
    if (!edge.attributes.empty()) {
      attributes = static_cast<std::uint32_t>(edge_attributes_.size());
      edge_attributes_.push_back(std::move(edge.attributes));
    }
    const bool removal = edge.operation == EntryOperation::kRemove;
    const auto add = [&](NodeId node, Direction direction, NodeId neighbour) {
      const std::uint16_t relation = RelationNumber({edge.kind, direction});
      ListOf(node, relation)
          .edges.push_back({edge.order, neighbour, edge.effective_at, attributes, removal, false});
      touched.push_back({node, relation});
    };
    add(edge.from, Direction::kOut, edge.to);
    add(edge.to, Direction::kIn, edge.from);
  }
  SortUnique(&touched);
  for (const ListName& list : touched) Settle(&ListOf(list.node, list.relation).edges, kByOrder);
  for (const EdgeEntry& edge : plan->edges) LinkEdge(edge, plan->first_sequence);
}

// Tells the entries of this edge which of them are not the oldest, and counts a new edge.
void MemoryImage::LinkEdge(const EdgeEntry& edge, std::uint64_t first_sequence) {
  const Relation out{edge.kind, Direction::kOut};
  const Relation in = Inverse(out);
  const bool from_is_smaller = ListOf(edge.from, RelationNumber(out)).edges.size() <=
                               ListOf(edge.to, RelationNumber(in)).edges.size();
  const std::vector<PairEntry> pair =
      from_is_smaller ? PairOf(edge.from, out, edge.to) : PairOf(edge.to, in, edge.from);
  std::uint64_t first = edge.order.sequence;
  for (const PairEntry& entry : pair) first = std::min(first, entry.order.sequence);
  if (first == edge.order.sequence && first >= first_sequence) ++statistics_.edges[edge.kind];
  if (pair.size() < 2) return;
  MarkOlder(edge.from, out, std::span(pair).subspan(1));
  MarkOlder(edge.to, in, std::span(pair).subspan(1));
}

std::vector<PairEntry> MemoryImage::PairOf(NodeId node, Relation relation, NodeId neighbour) const {
  std::vector<PairEntry> pair;
  const MemoryRelation* list = Find(node)->FindRelation(RelationNumber(relation));
  if (list == nullptr) return pair;
  for (const MemoryEdge& edge : list->edges) {
    if (edge.neighbour == neighbour) pair.push_back({edge.order, edge.removal});
  }
  return pair;
}

void MemoryImage::MarkOlder(NodeId node, Relation relation, std::span<const PairEntry> pair) {
  std::vector<MemoryEdge>& edges = ListOf(node, RelationNumber(relation)).edges;
  for (const PairEntry& entry : pair) {
    const auto found = std::lower_bound(edges.begin(), edges.end(), entry, kByOrder);
    found->has_older = true;
  }
}

// Every joint that the batch touches between a loan with an outcome and another node.
std::vector<MemoryImage::Joint> MemoryImage::JointsOf(const BatchPlan& plan,
                                                      const std::vector<NodeId>& resolved) const {
  std::vector<Joint> joints;
  for (const NodeId loan : resolved) {
    for (const MemoryRelation& list : Find(loan)->relations) {
      for (const MemoryEdge& edge : list.edges)
        joints.push_back({loan, list.number, edge.neighbour});
    }
  }
  const auto add = [&](NodeId node, Relation relation, NodeId neighbour) {
    if (KindOf(node) != NodeKind::kLoan || Find(node)->outcomes.empty()) return;
    joints.push_back({node, RelationNumber(relation), neighbour});
  };
  for (const EdgeEntry& edge : plan.edges) {
    add(edge.from, {edge.kind, Direction::kOut}, edge.to);
    add(edge.to, {edge.kind, Direction::kIn}, edge.from);
  }
  SortUnique(&joints);
  return joints;
}

void MemoryImage::UpdatePeers(const std::vector<Joint>& joints) {
  std::vector<ListName> touched;
  std::vector<std::pair<ListName, PeerEntry>> added;
  for (const Joint& joint : joints) {
    const Relation from_loan = RelationOf(joint.relation);
    const ListName name{joint.entity, RelationNumber(Inverse(from_loan))};
    std::vector<PeerEntry>& peers = ListOf(name.node, name.relation).peers;
    const std::vector<PairEntry> pair = PairOf(joint.loan, from_loan, joint.entity);
    for (const PeerEntry& entry : MakePeerEntries(joint.loan, pair, Find(joint.loan)->outcomes)) {
      const auto found = std::lower_bound(peers.begin(), peers.end(), entry, kByPeer);
      if (found != peers.end() && !kByPeer(entry, *found)) {
        *found = entry;
      } else {
        added.emplace_back(name, entry);
      }
    }
  }
  for (const auto& [name, entry] : added) {
    ListOf(name.node, name.relation).peers.push_back(entry);
    touched.push_back(name);
  }
  SortUnique(&touched);
  for (const ListName& list : touched) Settle(&ListOf(list.node, list.relation).peers, kByPeer);
}

}  // namespace recoup::graph
