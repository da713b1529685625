#include "graph/store/rocks_writer.h"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

#include "graph/store/byte_codec.h"
#include "graph/store/entry_codec.h"
#include "graph/store/record.h"
#include "graph/store/relation_number.h"
#include "graph/store/value_codec.h"

namespace recoup::graph {
namespace {

template <typename T>
void SortUnique(std::vector<T>* items) {
  std::sort(items->begin(), items->end());
  items->erase(std::unique(items->begin(), items->end()), items->end());
}

// Returns the relations that a loan can have, as walked from it.
const std::vector<Relation>& LoanRelations() {
  static const std::vector<Relation> relations = [] {
    std::vector<Relation> found;
    const auto add = [&found](std::span<const NodeKind> ends, Relation relation) {
      if (std::find(ends.begin(), ends.end(), NodeKind::kLoan) != ends.end()) {
        found.push_back(relation);
      }
    };
    for (const EdgeKind kind : kAllEdgeKinds) {
      add(AllowedSources(kind), {kind, Direction::kOut});
      add(AllowedTargets(kind), {kind, Direction::kIn});
    }
    return found;
  }();
  return relations;
}

HistoryName OutOf(const EdgeEntry& edge) {
  return EdgesOf(edge.from, {edge.kind, Direction::kOut});
}
HistoryName InOf(const EdgeEntry& edge) { return EdgesOf(edge.to, {edge.kind, Direction::kIn}); }

}  // namespace

Result<std::optional<DirectoryEntry>> RocksWriter::Lookup(const NodeKey& key) const {
  const std::string id_key = ExternalIdKey(key);
  rocksdb::PinnableSlice record;
  RECOUP_ASSIGN(const bool found, database_.Get(Family::kExternalId, id_key, nullptr, &record));
  if (!found) return std::optional<DirectoryEntry>();
  RECOUP_ASSIGN(const std::string_view body, Unseal(id_key, record.ToStringView()));
  ByteReader reader(body);
  DirectoryEntry entry;
  entry.id = NodeId(reader.BigEndian(8));
  entry.first_known_at = ReadDay(&reader);
  if (reader.ok()) return std::optional(entry);
  return Error{ErrorCode::kDataLoss, "an external id of the store does not decode"};
}

std::uint64_t RocksWriter::Count(NodeKind kind) const {
  const auto found = before_.statistics.nodes.find(kind);
  return found == before_.statistics.nodes.end() ? 0 : found->second;
}

Result<StoreState> RocksWriter::Stage(const BatchPlan& plan, AttributeCatalog catalog,
                                      rocksdb::WriteBatch* batch) {
  after_ = before_;
  after_.statistics.epoch = plan.epoch;
  after_.statistics.facts += plan.last_sequence + 1 - plan.first_sequence;
  after_.statistics.latest_known_at =
      std::max(before_.statistics.latest_known_at, plan.latest_known_at);
  after_.last_sequence = plan.last_sequence;
  StageDirectory(plan, batch);
  RECOUP_TRY(StageVersions(plan, batch));
  RECOUP_TRY(StageOutcomes(plan));
  RECOUP_TRY(StageEdges(plan));
  RECOUP_ASSIGN(const std::vector<Joint> joints, JointsOf(plan));
  RECOUP_TRY(StagePeers(joints));
  editor_.Flush(batch);
  StageState(catalog, batch);
  after_.catalog = std::make_shared<AttributeCatalog>(std::move(catalog));
  return std::move(after_);
}

void RocksWriter::StageDirectory(const BatchPlan& plan, rocksdb::WriteBatch* batch) {
  for (const DirectoryChange& change : plan.directory) {
    if (change.created) {
      ++after_.statistics.nodes[change.key.kind];
      Open(VersionsOf(change.entry.id)).SetLabel(change.key.external_id);
    }
    std::string body;
    ByteWriter writer(&body);
    writer.BigEndian(change.entry.id.value(), 8);
    WriteDay(change.entry.first_known_at, &writer);
    const std::string key = ExternalIdKey(change.key);
    database_.Put(Family::kExternalId, key, Seal(key, body), batch);
  }
}

Result<void> RocksWriter::StageVersions(const BatchPlan& plan, rocksdb::WriteBatch* batch) {
  auto removed = std::make_shared<std::unordered_set<NodeId>>();
  for (const NodeEntry& entry : plan.nodes) {
    RECOUP_TRY(Open(VersionsOf(entry.node)).Put(entry.order, EncodeVersion(entry)));
    if (entry.operation != EntryOperation::kRemove) continue;
    removed->insert(entry.node);
    database_.Put(Family::kMeta, RemovedKey(entry.node), "", batch);
  }
  if (removed->empty()) return {};
  removed->insert(before_.removed->begin(), before_.removed->end());
  after_.removed = std::move(removed);
  return {};
}

Result<void> RocksWriter::StageOutcomes(const BatchPlan& plan) {
  for (const OutcomeEntry& entry : plan.outcomes) {
    History& outcomes = Open(OutcomesOf(entry.loan));
    RECOUP_ASSIGN(const std::vector<HistoryBlock>* const blocks, outcomes.All());
    if (blocks->back().entries().empty()) ++after_.statistics.outcomes;
    RECOUP_TRY(outcomes.Put(entry.order, EncodeOutcome(entry)));
  }
  return {};
}

Result<void> RocksWriter::StageEdges(const BatchPlan& plan) {
  for (const EdgeEntry& edge : plan.edges) {
    RECOUP_TRY(Open(OutOf(edge)).Put(edge.order, EncodeEdge(edge, edge.to)));
    RECOUP_TRY(Open(InOf(edge)).Put(edge.order, EncodeEdge(edge, edge.from)));
  }
  for (const EdgeEntry& edge : plan.edges) RECOUP_TRY(LinkEdge(edge));
  return {};
}

// Tells the entries of this edge which of them are not the oldest, and counts a new edge.
Result<void> RocksWriter::LinkEdge(const EdgeEntry& edge) {
  RECOUP_ASSIGN(std::vector<PairEntry> pair, PairOf(edge));
  std::uint64_t first = edge.order.sequence;
  for (const PairEntry& entry : pair) first = std::min(first, entry.order.sequence);
  if (first == edge.order.sequence) ++after_.statistics.edges[edge.kind];
  if (pair.size() < 2) return {};
  pair.erase(pair.begin());
  RECOUP_TRY(MarkOlder(OutOf(edge), pair));
  return MarkOlder(InOf(edge), pair);
}

// Reads the edge's history in whichever of its two lists is short.
Result<std::vector<PairEntry>> RocksWriter::PairOf(const EdgeEntry& edge) {
  RECOUP_ASSIGN(const bool out_is_short, Open(OutOf(edge)).IsShort());
  RECOUP_ASSIGN(const bool in_is_short, Open(InOf(edge)).IsShort());
  if (!out_is_short && in_is_short) return PairIn(InOf(edge), edge.from);
  return PairIn(OutOf(edge), edge.to);
}

Result<std::vector<PairEntry>> RocksWriter::PairIn(const HistoryName& list, NodeId neighbour) {
  std::vector<PairEntry> pair;
  RECOUP_ASSIGN(const std::vector<HistoryBlock>* const blocks, Open(list).All());
  for (auto block = blocks->rbegin(); block != blocks->rend(); ++block) {
    for (auto entry = block->entries().rbegin(); entry != block->entries().rend(); ++entry) {
      RECOUP_ASSIGN(const StoredEntry edge, DecodeEdge(entry->payload));
      if (edge.neighbour != neighbour) continue;
      pair.push_back({entry->order, edge.operation == EntryOperation::kRemove});
    }
  }
  return pair;
}

Result<void> RocksWriter::MarkOlder(const HistoryName& list, const std::vector<PairEntry>& pair) {
  for (const PairEntry& entry : pair) {
    RECOUP_ASSIGN(const std::string* const payload, Open(list).Find(entry.order));
    if (payload == nullptr) {
      return Error{ErrorCode::kDataLoss, "an edge stands in one direction only; restore the store"};
    }
    RECOUP_TRY(Open(list).Put(entry.order, WithOlder(*payload)));
  }
  return {};
}

Result<std::vector<OutcomeEntry>> RocksWriter::OutcomesIn(NodeId loan) {
  std::vector<OutcomeEntry> outcomes;
  RECOUP_ASSIGN(const std::vector<HistoryBlock>* const blocks, Open(OutcomesOf(loan)).All());
  for (auto block = blocks->rbegin(); block != blocks->rend(); ++block) {
    for (auto entry = block->entries().rbegin(); entry != block->entries().rend(); ++entry) {
      RECOUP_ASSIGN(const OutcomeEntry outcome, DecodeOutcome(loan, entry->order, entry->payload));
      outcomes.push_back(outcome);
    }
  }
  return outcomes;
}

// Every joint that the batch touches between a loan with an outcome and another node.
Result<std::vector<RocksWriter::Joint>> RocksWriter::JointsOf(const BatchPlan& plan) {
  std::vector<Joint> joints;
  std::vector<NodeId> resolved;
  for (const OutcomeEntry& entry : plan.outcomes) resolved.push_back(entry.loan);
  SortUnique(&resolved);
  for (const NodeId loan : resolved) RECOUP_TRY(AddJointsOf(loan, &joints));
  const auto add = [&](NodeId node, Relation relation, NodeId neighbour) -> Result<void> {
    if (KindOf(node) != NodeKind::kLoan) return {};
    RECOUP_ASSIGN(const std::vector<HistoryBlock>* const blocks, Open(OutcomesOf(node)).All());
    if (blocks->back().entries().empty()) return {};
    joints.push_back({node, RelationNumber(relation), neighbour});
    return {};
  };
  for (const EdgeEntry& edge : plan.edges) {
    RECOUP_TRY(add(edge.from, {edge.kind, Direction::kOut}, edge.to));
    RECOUP_TRY(add(edge.to, {edge.kind, Direction::kIn}, edge.from));
  }
  SortUnique(&joints);
  return joints;
}

Result<void> RocksWriter::AddJointsOf(NodeId loan, std::vector<Joint>* joints) {
  for (const Relation relation : LoanRelations()) {
    RECOUP_ASSIGN(const std::vector<HistoryBlock>* const blocks,
                  Open(EdgesOf(loan, relation)).All());
    for (const HistoryBlock& block : *blocks) {
      for (const HistoryBlock::Entry& entry : block.entries()) {
        RECOUP_ASSIGN(const StoredEntry edge, DecodeEdge(entry.payload));
        joints->push_back({loan, RelationNumber(relation), edge.neighbour});
      }
    }
  }
  return {};
}

Result<void> RocksWriter::StagePeers(const std::vector<Joint>& joints) {
  NodeId loan;
  std::vector<OutcomeEntry> outcomes;
  for (const Joint& joint : joints) {
    if (outcomes.empty() || joint.loan != loan) {
      RECOUP_ASSIGN(outcomes, OutcomesIn(joint.loan));
      loan = joint.loan;
    }
    const Relation from_loan = RelationOf(joint.relation);
    RECOUP_ASSIGN(const std::vector<PairEntry> pair,
                  PairIn(EdgesOf(joint.loan, from_loan), joint.entity));
    for (const PeerEntry& entry : MakePeerEntries(joint.loan, pair, outcomes)) {
      History& peers = Open(PeersOf(joint.entity, Inverse(from_loan)));
      RECOUP_TRY(peers.Put(PeerOrder(entry), EncodePeer(entry)));
    }
  }
  return {};
}

void RocksWriter::StageState(const AttributeCatalog& catalog, rocksdb::WriteBatch* batch) {
  for (std::size_t i = before_.catalog->changes().size(); i < catalog.changes().size(); ++i) {
    const std::string key = AttributeKey(i);
    database_.Put(Family::kMeta, key, Seal(key, EncodeChange(catalog.changes()[i])), batch);
  }
  database_.Put(Family::kMeta, kStateKey, Seal(kStateKey, EncodeNumbers(after_)), batch);
}

}  // namespace recoup::graph
