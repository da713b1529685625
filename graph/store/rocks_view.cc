#include "graph/store/rocks_view.h"

#include <limits>
#include <utility>

#include "graph/store/byte_codec.h"
#include "graph/store/record.h"
#include "graph/store/relation_number.h"

namespace recoup::graph {
namespace {

Error UnknownNode() {
  return {ErrorCode::kNotFound, "no such node is known by this day, or it was removed"};
}

// Gathers what versions, newest first, say of whether a node exists.
struct Existence {
  bool mentioned = false;
  bool decided = false;
  bool upserted = false;

  bool exists() const { return decided ? upserted : mentioned; }
  void See(EntryOperation operation) {
    if (operation == EntryOperation::kMention) {
      mentioned = true;
    } else if (!decided) {
      decided = true;
      upserted = operation == EntryOperation::kUpsert;
    }
  }
};

}  // namespace

EntryOrder RocksView::EndOf(Date day) { return {day, std::numeric_limits<std::uint64_t>::max()}; }

template <typename Visit>
Result<void> RocksView::VisitHistory(const HistoryName& name, EntryOrder newest, std::string* label,
                                     Visit visit) const {
  const std::string key = BlockKey(name, kOldestBlock);
  rocksdb::PinnableSlice record;
  RECOUP_ASSIGN(const bool found,
                database_.Get(name.family, key, moment_->snapshot.get(), &record));
  if (!found) return {};
  RECOUP_ASSIGN(BlockReader reader, BlockReader::Open(key, record.ToStringView()));
  if (label != nullptr) *label = reader.label();
  if (reader.newer().has_value()) return VisitLongHistory(name, newest, visit);
  while (reader.Next()) {
    if (reader.order() > newest) continue;
    RECOUP_ASSIGN(const Step step, visit(reader.order(), reader.payload()));
    if (step == Step::kStop) return {};
  }
  return reader.status();
}

template <typename Visit>
Result<void> RocksView::VisitLongHistory(const HistoryName& name, EntryOrder newest,
                                         Visit visit) const {
  RocksDatabase::Cursor cursor(database_, name.family, HistoryPrefix(name),
                               moment_->snapshot.get());
  for (cursor.Seek(BlockKey(name, newest)); cursor.Valid(); cursor.Next()) {
    RECOUP_ASSIGN(BlockReader reader, BlockReader::Open(cursor.key(), cursor.value()));
    while (reader.Next()) {
      if (reader.order() > newest) continue;
      RECOUP_ASSIGN(const Step step, visit(reader.order(), reader.payload()));
      if (step == Step::kStop) return {};
    }
    RECOUP_TRY(reader.status());
  }
  return cursor.status();
}

Result<bool> RocksView::Exists(NodeId id) const {
  Existence existence;
  RECOUP_TRY(VisitHistory(VersionsOf(id), EndOf(as_of_), nullptr,
                          [&](EntryOrder, std::string_view payload) -> Result<Step> {
                            RECOUP_ASSIGN(const StoredEntry entry, DecodeVersion(payload));
                            existence.See(entry.operation);
                            return existence.decided ? Step::kStop : Step::kGoOn;
                          }));
  return existence.exists();
}

// Tells of the other end of a visible edge, which every edge mentions: only a removal ends it.
Result<bool> RocksView::IsGone(NodeId id) const {
  if (!moment_->state.removed->contains(id)) return false;
  RECOUP_ASSIGN(const bool exists, Exists(id));
  return !exists;
}

Result<NodeId> RocksView::Find(const NodeKey& key) const {
  const std::string id_key = ExternalIdKey(key);
  rocksdb::PinnableSlice record;
  RECOUP_ASSIGN(const bool found,
                database_.Get(Family::kExternalId, id_key, moment_->snapshot.get(), &record));
  if (found) {
    RECOUP_ASSIGN(const std::string_view body, Unseal(id_key, record.ToStringView()));
    const NodeId id(ByteReader(body).BigEndian(8));
    RECOUP_ASSIGN(const bool exists, Exists(id));
    if (exists) return id;
  }
  return Error{ErrorCode::kNotFound, "no such node is known by " + as_of_.ToString() + ": " +
                                         std::string(NodeKindName(key.kind)) + " " +
                                         key.external_id};
}

Result<NodeRecord> RocksView::Node(NodeId id) const {
  NodeRecord record;
  record.first_known_at = Date::Max();
  Existence existence;
  bool ended = false;
  RECOUP_TRY(VisitHistory(VersionsOf(id), EndOf(as_of_), &record.key.external_id,
                          [&](EntryOrder order, std::string_view payload) -> Result<Step> {
                            RECOUP_ASSIGN(const StoredEntry entry, DecodeVersion(payload));
                            record.first_known_at = order.known_at;
                            existence.See(entry.operation);
                            ended = ended || entry.operation == EntryOperation::kRemove;
                            if (ended && !existence.exists()) return Step::kStop;
                            if (ended || entry.operation == EntryOperation::kMention) {
                              return Step::kGoOn;
                            }
                            RECOUP_ASSIGN(const std::vector<StoredAttribute> attributes,
                                          DecodeAttributes(entry.attributes));
                            MergeOlder(attributes, &record.attributes);
                            return Step::kGoOn;
                          }));
  if (!existence.exists()) return UnknownNode();
  record.key.kind = KindOf(id);
  return record;
}

// Few stores use every kind of edge, and readers ask for all of them: a key that is not there is
// as dear to look for as one that is.
bool RocksView::HasEdges(EdgeKind kind) const {
  return moment_->state.statistics.edges.contains(kind);
}

// Visits the newest visible entry of each edge that stands, newest first.
template <typename Visit>
Result<void> RocksView::VisitEdges(NodeId id, Relation relation, std::size_t limit,
                                   Visit visit) const {
  RECOUP_ASSIGN(const bool gone, IsGone(id));
  if (gone || limit == 0 || !HasEdges(relation.kind)) return {};
  NodeSet seen;
  return VisitHistory(EdgesOf(id, relation), EndOf(as_of_), nullptr,
                      [&](EntryOrder order, std::string_view payload) -> Result<Step> {
                        RECOUP_ASSIGN(const StoredEntry edge, DecodeEdge(payload));
                        const bool newest = edge.has_older ? seen.Insert(edge.neighbour)
                                                           : !seen.Contains(edge.neighbour);
                        if (!newest || edge.operation == EntryOperation::kRemove)
                          return Step::kGoOn;
                        RECOUP_ASSIGN(const bool neighbour_gone, IsGone(edge.neighbour));
                        if (neighbour_gone) return Step::kGoOn;
                        RECOUP_TRY(visit(order, edge));
                        return --limit == 0 ? Step::kStop : Step::kGoOn;
                      });
}

Result<CsrBlock> RocksView::Neighbours(std::span<const NodeId> seeds, Relation relation,
                                       std::size_t limit) const {
  CsrBlock block;
  block.offsets.reserve(seeds.size() + 1);
  block.offsets.push_back(0);
  for (const NodeId seed : seeds) {
    RECOUP_TRY(
        VisitEdges(seed, relation, limit, [&](EntryOrder, const StoredEntry& edge) -> Result<void> {
          block.targets.push_back(edge.neighbour);
          return {};
        }));
    block.offsets.push_back(static_cast<std::uint32_t>(block.targets.size()));
  }
  return block;
}

Result<std::vector<EdgeRecord>> RocksView::Edges(NodeId id, Relation relation,
                                                 std::size_t limit) const {
  std::vector<EdgeRecord> records;
  RECOUP_TRY(VisitEdges(id, relation, limit,
                        [&](EntryOrder order, const StoredEntry& edge) -> Result<void> {
                          EdgeRecord& record = records.emplace_back();
                          record.neighbour = edge.neighbour;
                          record.dates = {edge.effective_at, order.known_at};
                          RECOUP_ASSIGN(record.attributes, DecodeAttributes(edge.attributes));
                          if (!edge.has_older) return {};
                          return MergeOlderEdges(id, relation, order, &record);
                        }));
  return records;
}

Result<bool> RocksView::IsShort(const HistoryName& name) const {
  const std::string key = BlockKey(name, kOldestBlock);
  rocksdb::PinnableSlice record;
  RECOUP_ASSIGN(const bool found,
                database_.Get(name.family, key, moment_->snapshot.get(), &record));
  if (!found) return true;
  RECOUP_ASSIGN(const BlockReader reader, BlockReader::Open(key, record.ToStringView()));
  return !reader.newer().has_value();
}

// Walks a short one of the two lists that hold the edge's history, if one is short.
Result<void> RocksView::MergeOlderEdges(NodeId id, Relation relation, EntryOrder newest,
                                        EdgeRecord* record) const {
  HistoryName list = EdgesOf(id, relation);
  NodeId far_end = record->neighbour;
  RECOUP_ASSIGN(const bool own_is_short, IsShort(list));
  if (!own_is_short) {
    list = EdgesOf(record->neighbour, Inverse(relation));
    far_end = id;
  }
  --newest.sequence;
  return VisitHistory(list, newest, nullptr,
                      [&](EntryOrder, std::string_view payload) -> Result<Step> {
                        RECOUP_ASSIGN(const StoredEntry edge, DecodeEdge(payload));
                        if (edge.neighbour != far_end) return Step::kGoOn;
                        if (edge.operation == EntryOperation::kRemove) return Step::kStop;
                        RECOUP_ASSIGN(const std::vector<StoredAttribute> attributes,
                                      DecodeAttributes(edge.attributes));
                        MergeOlder(attributes, &record->attributes);
                        return Step::kGoOn;
                      });
}

Result<std::optional<OutcomeEntry>> RocksView::NewestOutcome(NodeId loan, Date last_day) const {
  std::optional<OutcomeEntry> newest;
  RECOUP_TRY(VisitHistory(OutcomesOf(loan), EndOf(last_day), nullptr,
                          [&](EntryOrder order, std::string_view payload) -> Result<Step> {
                            RECOUP_ASSIGN(newest, DecodeOutcome(loan, order, payload));
                            return Step::kStop;
                          }));
  return newest;
}

Result<std::optional<Outcome>> RocksView::OutcomeOf(NodeId loan) const {
  RECOUP_ASSIGN(const std::optional<OutcomeEntry> entry, NewestOutcome(loan, as_of_));
  if (!entry.has_value()) return std::optional<Outcome>();
  return std::optional(Outcome{entry->recovery_rate, entry->valuation_date, entry->order.known_at});
}

Result<bool> RocksView::IsJoined(NodeId loan, Relation from_loan, NodeId entity) const {
  bool joined = false;
  RECOUP_TRY(VisitHistory(EdgesOf(loan, from_loan), EndOf(as_of_), nullptr,
                          [&](EntryOrder, std::string_view payload) -> Result<Step> {
                            RECOUP_ASSIGN(const StoredEntry edge, DecodeEdge(payload));
                            if (edge.neighbour != entity) return Step::kGoOn;
                            joined = edge.operation != EntryOperation::kRemove;
                            return Step::kStop;
                          }));
  return joined;
}

// Says whether the view shows this peer, and fills in its rate where the entry is contested.
Result<bool> RocksView::Shows(NodeId entity, Relation relation, const PeerEntry& entry,
                              ResolvedPeer* peer) const {
  RECOUP_ASSIGN(const bool gone, IsGone(entry.loan));
  if (gone) return false;
  if (!entry.contested) return entry.edge_known_at <= as_of_;
  RECOUP_ASSIGN(const std::optional<OutcomeEntry> outcome,
                NewestOutcome(entry.loan, as_of_.PlusDays(-1)));
  if (!outcome.has_value() || outcome->order.known_at != entry.known_at) return false;
  peer->recovery_rate = static_cast<float>(outcome->recovery_rate);
  return IsJoined(entry.loan, Inverse(relation), entity);
}

Result<std::vector<ResolvedPeer>> RocksView::ResolvedPeers(NodeId entity, Relation relation,
                                                           std::size_t limit) const {
  std::vector<ResolvedPeer> found;
  RECOUP_ASSIGN(const bool gone, IsGone(entity));
  if (gone || limit == 0 || as_of_ == Date::Min() || !HasEdges(relation.kind)) return found;
  RECOUP_TRY(VisitHistory(PeersOf(entity, relation), EndOf(as_of_.PlusDays(-1)), nullptr,
                          [&](EntryOrder order, std::string_view payload) -> Result<Step> {
                            RECOUP_ASSIGN(const PeerEntry entry, DecodePeer(order, payload));
                            ResolvedPeer peer{entry.loan, entry.recovery_rate, entry.known_at};
                            RECOUP_ASSIGN(const bool shown, Shows(entity, relation, entry, &peer));
                            if (shown) found.push_back(peer);
                            return found.size() == limit ? Step::kStop : Step::kGoOn;
                          }));
  return found;
}

Result<std::vector<NodeId>> RocksView::Nodes(NodeKind kind) const {
  std::vector<NodeId> ids;
  Existence existence;
  NodeId current;
  const auto finish = [&] {
    if (existence.exists()) ids.push_back(current);
    existence = Existence();
  };
  RocksDatabase::Cursor cursor(database_, Family::kNode, std::string(1, static_cast<char>(kind)),
                               moment_->snapshot.get());
  for (cursor.SeekToFirst(); cursor.Valid(); cursor.Next()) {
    const NodeId id(ByteReader(cursor.key()).BigEndian(8));
    if (id != current) finish();
    current = id;
    RECOUP_ASSIGN(BlockReader reader, BlockReader::Open(cursor.key(), cursor.value()));
    while (reader.Next()) {
      if (reader.order().known_at > as_of_) continue;
      RECOUP_ASSIGN(const StoredEntry entry, DecodeVersion(reader.payload()));
      existence.See(entry.operation);
    }
    RECOUP_TRY(reader.status());
  }
  RECOUP_TRY(cursor.status());
  finish();
  return ids;
}

std::vector<AttributeDefinition> RocksView::Attributes() const {
  return moment_->state.catalog->DefinitionsAt(epoch());
}

}  // namespace recoup::graph
