#include "graph/store/memory_view.h"

#include <algorithm>
#include <string>
#include <utility>

namespace recoup::graph {
namespace {

// Returns the end of the part of an ordered list that is known by `day`.
template <typename T>
auto EndOfDay(const std::vector<T>& list, Date day) {
  return std::partition_point(list.begin(), list.end(),
                              [day](const T& entry) { return entry.order.known_at <= day; });
}

// Threads are numbered as they first read.
std::size_t NumberOfThread() {
  static std::atomic<std::size_t> next{0};
  thread_local const std::size_t number = next.fetch_add(1, std::memory_order_relaxed);
  return number;
}

Error UnknownNode() {
  return {ErrorCode::kNotFound, "no such node is known by this day, or it was removed"};
}

}  // namespace

std::shared_lock<std::shared_mutex> ImageLock::Read() const {
  if (writer_waits_.load(std::memory_order_relaxed)) {
    const std::lock_guard queue(gate_);
  }
  return std::shared_lock(counters_[NumberOfThread() % counters_.size()].mutex);
}

ImageLock::Write::Write(ImageLock& lock) : lock_(lock) {
  const std::lock_guard queue(lock_.gate_);
  lock_.writer_waits_.store(true, std::memory_order_relaxed);
  for (Counter& counter : lock_.counters_) counter.mutex.lock();
  lock_.writer_waits_.store(false, std::memory_order_relaxed);
}

ImageLock::Write::~Write() {
  for (Counter& counter : lock_.counters_) counter.mutex.unlock();
}

bool MemoryView::Exists(const MemoryNode& node) const {
  bool mentioned = false;
  for (auto entry = EndOfDay(node.versions, horizon_.as_of); entry != node.versions.begin();) {
    --entry;
    if (entry->order.sequence > horizon_.sequence) continue;
    if (entry->operation != EntryOperation::kMention) {
      return entry->operation == EntryOperation::kUpsert;
    }
    mentioned = true;
  }
  return mentioned;
}

// Tells of the other end of a visible edge, which every edge mentions: only a removal ends it.
bool MemoryView::IsGone(NodeId id) const {
  return !image_.removed().empty() && image_.removed().contains(id) && !Exists(*image_.Find(id));
}

Result<NodeId> MemoryView::Find(const NodeKey& key) const {
  const auto guard = state_.lock.Read();
  RECOUP_ASSIGN(const std::optional<DirectoryEntry> entry, image_.Lookup(key));
  if (entry.has_value() && Exists(*image_.Find(entry->id))) return entry->id;
  return Error{ErrorCode::kNotFound, "no such node is known by " + horizon_.as_of.ToString() +
                                         ": " + std::string(NodeKindName(key.kind)) + " " +
                                         key.external_id};
}

Result<NodeRecord> MemoryView::Node(NodeId id) const {
  const auto guard = state_.lock.Read();
  const MemoryNode* node = image_.Find(id);
  if (node == nullptr) return UnknownNode();
  NodeRecord record;
  record.first_known_at = Date::Max();
  bool decided = false;
  bool ended = false;
  for (auto entry = EndOfDay(node->versions, horizon_.as_of); entry != node->versions.begin();) {
    --entry;
    if (entry->order.sequence > horizon_.sequence) continue;
    record.first_known_at = entry->order.known_at;
    if (entry->operation == EntryOperation::kMention || ended) continue;
    ended = entry->operation == EntryOperation::kRemove;
    if (ended && !decided) return UnknownNode();
    if (!decided) {
      record.attributes = entry->attributes;
    } else if (!ended) {
      MergeOlder(entry->attributes, &record.attributes);
    }
    decided = true;
  }
  if (record.first_known_at == Date::Max()) return UnknownNode();
  record.key = NodeKey{KindOf(id), node->external_id};
  return record;
}

// Visits the newest visible entry of each edge that stands, newest first.
template <typename Visit>
void MemoryView::VisitEdges(NodeId id, Relation relation, std::size_t limit, Visit visit) const {
  const MemoryNode* node = image_.Find(id);
  if (node == nullptr || limit == 0 || IsGone(id)) return;
  const MemoryRelation* list = node->FindRelation(RelationNumber(relation));
  if (list == nullptr) return;
  NodeSet seen;
  for (auto edge = EndOfDay(list->edges, horizon_.as_of); edge != list->edges.begin();) {
    --edge;
    if (edge->order.sequence > horizon_.sequence) continue;
    if (edge->has_older ? !seen.Insert(edge->neighbour) : seen.Contains(edge->neighbour)) continue;
    if (edge->removal || IsGone(edge->neighbour)) continue;
    visit(*edge);
    if (--limit == 0) return;
  }
}

Result<CsrBlock> MemoryView::Neighbours(std::span<const NodeId> seeds, Relation relation,
                                        std::size_t limit) const {
  const auto guard = state_.lock.Read();
  CsrBlock block;
  block.offsets.reserve(seeds.size() + 1);
  block.offsets.push_back(0);
  for (const NodeId seed : seeds) {
    VisitEdges(seed, relation, limit,
               [&](const MemoryEdge& edge) { block.targets.push_back(edge.neighbour); });
    block.offsets.push_back(static_cast<std::uint32_t>(block.targets.size()));
  }
  return block;
}

Result<std::vector<EdgeRecord>> MemoryView::Edges(NodeId id, Relation relation,
                                                  std::size_t limit) const {
  const auto guard = state_.lock.Read();
  std::vector<EdgeRecord> records;
  VisitEdges(id, relation, limit, [&](const MemoryEdge& edge) {
    EdgeRecord& record = records.emplace_back();
    record.neighbour = edge.neighbour;
    record.dates = {edge.effective_at, edge.order.known_at};
    record.attributes = image_.edge_attributes(edge.attributes);
    if (edge.has_older) MergeOlderEdges(id, relation, edge, &record);
  });
  return records;
}

// Walks the shorter of the two lists that hold the edge's history.
void MemoryView::MergeOlderEdges(NodeId id, Relation relation, const MemoryEdge& newest,
                                 EdgeRecord* record) const {
  const MemoryRelation* list = image_.Find(id)->FindRelation(RelationNumber(relation));
  const MemoryRelation* other =
      image_.Find(newest.neighbour)->FindRelation(RelationNumber(Inverse(relation)));
  NodeId far_end = newest.neighbour;
  if (other->edges.size() < list->edges.size()) {
    list = other;
    far_end = id;
  }
  auto edge = std::partition_point(
      list->edges.begin(), list->edges.end(),
      [&newest](const MemoryEdge& entry) { return entry.order < newest.order; });
  while (edge != list->edges.begin()) {
    --edge;
    if (edge->neighbour != far_end || edge->order.sequence > horizon_.sequence) continue;
    if (edge->removal) return;
    MergeOlder(image_.edge_attributes(edge->attributes), &record->attributes);
  }
}

const OutcomeEntry* MemoryView::NewestOutcome(const MemoryNode& loan, Date last_day) const {
  for (auto entry = EndOfDay(loan.outcomes, last_day); entry != loan.outcomes.begin();) {
    --entry;
    if (entry->order.sequence <= horizon_.sequence) return &*entry;
  }
  return nullptr;
}

Result<std::optional<Outcome>> MemoryView::OutcomeOf(NodeId loan) const {
  const auto guard = state_.lock.Read();
  const MemoryNode* node = image_.Find(loan);
  const OutcomeEntry* entry = node == nullptr ? nullptr : NewestOutcome(*node, horizon_.as_of);
  if (entry == nullptr) return std::optional<Outcome>();
  return std::optional(Outcome{entry->recovery_rate, entry->valuation_date, entry->order.known_at});
}

bool MemoryView::IsJoined(NodeId loan, Relation from_loan, NodeId entity) const {
  const MemoryRelation* list = image_.Find(loan)->FindRelation(RelationNumber(from_loan));
  for (auto edge = EndOfDay(list->edges, horizon_.as_of); edge != list->edges.begin();) {
    --edge;
    if (edge->neighbour != entity || edge->order.sequence > horizon_.sequence) continue;
    return !edge->removal;
  }
  return false;
}

bool MemoryView::ResolvePeer(NodeId entity, Relation relation, const PeerEntry& entry,
                             ResolvedPeer* peer) const {
  const MemoryNode& loan = *image_.Find(entry.loan);
  const OutcomeEntry* outcome = NewestOutcome(loan, horizon_.as_of.PlusDays(-1));
  if (outcome == nullptr || outcome->order.known_at != entry.known_at ||
      !IsJoined(entry.loan, Inverse(relation), entity)) {
    return false;
  }
  *peer = {entry.loan, static_cast<float>(outcome->recovery_rate), entry.known_at};
  return true;
}

Result<std::vector<ResolvedPeer>> MemoryView::ResolvedPeers(NodeId entity, Relation relation,
                                                            std::size_t limit) const {
  const auto guard = state_.lock.Read();
  std::vector<ResolvedPeer> found;
  const MemoryNode* node = image_.Find(entity);
  if (node == nullptr || limit == 0 || IsGone(entity)) return found;
  const MemoryRelation* list = node->FindRelation(RelationNumber(relation));
  if (list == nullptr) return found;
  const auto end = std::partition_point(
      list->peers.begin(), list->peers.end(),
      [this](const PeerEntry& entry) { return entry.known_at < horizon_.as_of; });
  found.reserve(std::min<std::size_t>(limit, end - list->peers.begin()));
  for (auto entry = end; entry != list->peers.begin() && found.size() < limit;) {
    --entry;
    ResolvedPeer peer{entry->loan, entry->recovery_rate, entry->known_at};
    if (entry->contested) {
      if (!ResolvePeer(entity, relation, *entry, &peer)) continue;
    } else if (!horizon_.Sees(entry->edge_known_at, entry->sequence)) {
      continue;
    }
    if (!IsGone(peer.loan)) found.push_back(peer);
  }
  return found;
}

Result<std::vector<NodeId>> MemoryView::Nodes(NodeKind kind) const {
  const auto guard = state_.lock.Read();
  std::vector<NodeId> ids;
  const std::vector<MemoryNode>& nodes = image_.NodesOf(kind);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (Exists(nodes[i])) ids.push_back(NodeId(static_cast<std::uint8_t>(kind), i));
  }
  return ids;
}

std::vector<AttributeDefinition> MemoryView::Attributes() const {
  const auto guard = state_.lock.Read();
  return state_.catalog.DefinitionsAt(epoch_);
}

}  // namespace recoup::graph
