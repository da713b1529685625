#include "model/runtime/peer_snapshot.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

#include "graph/store/byte_codec.h"
#include "graph/store/record.h"

namespace recoup::model {
namespace {

using graph::ByteReader;
using graph::ByteWriter;
using Member = GroupCatalog::Member;

// Whole arrays are copied as they lie in memory; no machine that Recoup runs on is big-endian.
static_assert(std::endian::native == std::endian::little);

std::string KeyOf(std::string_view model_checksum) {
  return "peers/" + std::to_string(kPeerSnapshotFormat) + "/" + std::string(model_checksum);
}

Error Damaged() { return {ErrorCode::kDataLoss, "the snapshot of the peers does not decode"}; }

template <typename T>
void Put(const std::vector<T>& values, ByteWriter* writer) {
  static_assert(std::is_trivially_copyable_v<T>);
  writer->Varint(values.size());
  writer->Raw({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
}

// One field of many structs.
template <typename Field, typename T>
void PutField(const std::vector<T>& items, Field field, ByteWriter* writer) {
  std::vector<std::decay_t<decltype(field(items.front()))>> values;
  values.reserve(items.size());
  for (const T& item : items) values.push_back(field(item));
  Put(values, writer);
}

template <typename T>
bool Take(ByteReader* reader, std::vector<T>* values) {
  const std::uint64_t count = reader->Varint();
  if (count > reader->rest().size() / sizeof(T)) reader->Fail();
  const std::string_view bytes = reader->Raw(reader->ok() ? count * sizeof(T) : 0);
  if (!reader->ok()) return false;
  values->resize(count);
  if (count > 0) std::memcpy(values->data(), bytes.data(), bytes.size());
  return true;
}

// Of exactly `count` values.
template <typename T>
bool Take(ByteReader* reader, std::size_t count, std::vector<T>* values) {
  return Take(reader, values) && values->size() == count;
}

// Without duplicates.
template <typename T>
bool Ascends(const std::vector<T>& values) {
  return std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) == values.end();
}

void PutCatalog(const GroupCatalog::Parts& parts, ByteWriter* writer) {
  writer->Varint(parts.relations.size());
  for (const std::string& relation : parts.relations) writer->String(relation);
  writer->Varint(parts.groups);
  PutField(
      parts.entities, [](const auto& entity) { return entity.first.value(); }, writer);
  PutField(
      parts.entities, [](const auto& entity) { return entity.second; }, writer);
  writer->Varint(parts.words.size());
  for (const auto& [word, group] : parts.words) {
    writer->String(word);
    writer->Varint(group);
  }
}

bool TakeCatalog(ByteReader* reader, GroupCatalog* catalog) {
  GroupCatalog::Parts parts;
  const std::uint64_t relations = reader->Varint();
  for (std::uint64_t i = 0; i < relations && reader->ok(); ++i) {
    parts.relations.emplace_back(reader->String());
  }
  const std::uint64_t groups = reader->Varint();
  std::vector<std::uint64_t> entities;
  std::vector<std::uint32_t> entity_groups;
  if (!Take(reader, &entities) || !Take(reader, entities.size(), &entity_groups) ||
      !Ascends(entities)) {
    return false;
  }
  for (std::size_t i = 0; i < entities.size(); ++i) {
    parts.entities.emplace_back(graph::NodeId(entities[i]), entity_groups[i]);
  }
  const std::uint64_t words = reader->Varint();
  for (std::uint64_t i = 0; i < words && reader->ok(); ++i) {
    const std::string_view word = reader->String();
    const std::uint64_t group = reader->Varint();
    if (group >= groups) return false;
    parts.words.emplace_back(word, static_cast<std::uint32_t>(group));
  }
  const auto known = [groups](std::uint32_t group) { return group < groups; };
  // Every group was met as an entity or as a word.
  if (!reader->ok() || !Ascends(parts.words) ||
      groups > parts.entities.size() + parts.words.size() ||
      !std::all_of(entity_groups.begin(), entity_groups.end(), known)) {
    return false;
  }
  parts.groups = static_cast<std::uint32_t>(groups);
  *catalog = GroupCatalog::FromParts(std::move(parts));
  return true;
}

void PutBook(const LoanBook& book, ByteWriter* writer) {
  PutField(
      book.examples, [](const Example& e) { return e.loan.value(); }, writer);
  PutField(
      book.examples, [](const Example& e) { return e.as_of.days(); }, writer);
  PutField(
      book.examples, [](const Example& e) { return e.outcome_known_at.days(); }, writer);
  PutField(
      book.examples, [](const Example& e) { return e.recovery_rate; }, writer);
  for (const graph::NodeRecord& record : book.records) writer->String(record.key.external_id);
  PutField(
      book.records, [](const auto& r) { return r.first_known_at.days(); }, writer);
  Put(book.expected, writer);
  Put(book.is_gone, writer);
  PutCatalog(book.catalog.ToParts(), writer);
  Put(book.member_ends, writer);
  PutField(
      book.members, [](const Member& m) { return m.relation; }, writer);
  PutField(
      book.members, [](const Member& m) { return m.group; }, writer);
  PutField(
      book.members, [](const Member& m) { return std::uint8_t{m.speaks}; }, writer);
}

bool TakeExamples(ByteReader* reader, std::vector<Example>* examples) {
  std::vector<std::uint64_t> loans;
  std::vector<std::int32_t> as_of;
  std::vector<std::int32_t> known_at;
  std::vector<double> rates;
  if (!Take(reader, &loans) || !Take(reader, loans.size(), &as_of) ||
      !Take(reader, loans.size(), &known_at) || !Take(reader, loans.size(), &rates)) {
    return false;
  }
  examples->reserve(loans.size());
  for (std::size_t i = 0; i < loans.size(); ++i) {
    examples->push_back({graph::NodeId(loans[i]), Date(as_of[i]), Date(known_at[i]), rates[i]});
  }
  return std::is_sorted(known_at.begin(), known_at.end());
}

bool TakeKeys(ByteReader* reader, std::size_t loans, std::vector<graph::NodeRecord>* records) {
  records->resize(loans);
  for (graph::NodeRecord& record : *records) {
    record.key = {graph::NodeKind::kLoan, std::string(reader->String())};
  }
  std::vector<std::int32_t> days;
  if (!Take(reader, loans, &days)) return false;
  for (std::size_t i = 0; i < loans; ++i) (*records)[i].first_known_at = Date(days[i]);
  return true;
}

bool TakeMembers(ByteReader* reader, LoanBook* book) {
  std::vector<std::uint32_t> relations;
  std::vector<std::uint32_t> groups;
  std::vector<std::uint8_t> speaks;
  const std::vector<std::uint32_t>& ends = book->member_ends;
  if (!Take(reader, book->size() + 1, &book->member_ends) || !Take(reader, &relations) ||
      !Take(reader, relations.size(), &groups) || !Take(reader, relations.size(), &speaks)) {
    return false;
  }
  if (ends.front() != 0 || ends.back() != relations.size() ||
      !std::is_sorted(ends.begin(), ends.end())) {
    return false;
  }
  book->members.reserve(relations.size());
  for (std::size_t i = 0; i < relations.size(); ++i) {
    if (relations[i] >= book->catalog.relations().size() || groups[i] >= book->catalog.groups() ||
        speaks[i] > 1) {
      return false;
    }
    book->members.push_back({relations[i], groups[i], speaks[i] != 0});
  }
  return true;
}

bool TakeBook(ByteReader* reader, LoanBook* book) {
  return TakeExamples(reader, &book->examples) && TakeKeys(reader, book->size(), &book->records) &&
         Take(reader, book->size(), &book->expected) &&
         Take(reader, book->size(), &book->is_gone) && TakeCatalog(reader, &book->catalog) &&
         TakeMembers(reader, book);
}

// Words that the model does not know are numbered 0, so every number is below the size.
bool TakeRows(ByteReader* reader, std::size_t loans, const KindFeatures& loan, LoanRows* rows) {
  *rows = RowsOf({}, loan);
  const std::size_t categories = rows->category_sizes.size();
  if (!Take(reader, loans * rows->numeric_width, &rows->numeric) ||
      !Take(reader, loans * categories, &rows->categories)) {
    return false;
  }
  for (std::size_t i = 0; i < rows->categories.size(); ++i) {
    const std::int32_t word = rows->categories[i];
    if (word < 0 || word >= rows->category_sizes[i % categories]) return false;
  }
  return true;
}

bool TakeScores(ByteReader* reader, std::vector<ConformityScore>* scores) {
  std::vector<std::int32_t> days;
  std::vector<float> means;
  std::vector<float> values;
  if (!Take(reader, &days) || !Take(reader, days.size(), &means) ||
      !Take(reader, days.size(), &values)) {
    return false;
  }
  scores->reserve(days.size());
  for (std::size_t i = 0; i < days.size(); ++i) {
    scores->push_back({Date(days[i]), means[i], values[i]});
  }
  return std::is_sorted(days.begin(), days.end());
}

}  // namespace

std::string WritePeerSnapshot(const PeerBookParts& parts, std::string_view model_checksum) {
  std::string body;
  ByteWriter writer(&body);
  PutBook(parts.book, &writer);
  Put(parts.expected, &writer);
  Put(parts.metric_rows, &writer);
  Put(parts.rows.numeric, &writer);
  Put(parts.rows.categories, &writer);
  PutField(
      parts.scores, [](const auto& score) { return score.known_at.days(); }, &writer);
  PutField(
      parts.scores, [](const auto& score) { return score.forecast_mean; }, &writer);
  PutField(
      parts.scores, [](const auto& score) { return score.score; }, &writer);
  writer.Varint(parts.not_in_ledger);
  return graph::Seal(KeyOf(model_checksum), body);
}

Result<PeerBookParts> ReadPeerSnapshot(std::string_view sealed, std::string_view model_checksum,
                                       const Ensemble& ensemble, const FeatureSchema& schema) {
  RECOUP_ASSIGN(const std::string_view body, graph::Unseal(KeyOf(model_checksum), sealed));
  return ParsePeerSnapshot(body, ensemble, schema);
}

Result<PeerBookParts> ParsePeerSnapshot(std::string_view body, const Ensemble& ensemble,
                                        const FeatureSchema& schema) {
  ByteReader reader(body);
  PeerBookParts parts;
  if (!TakeBook(&reader, &parts.book)) return Damaged();
  const std::size_t loans = parts.book.size();
  if (!Take(&reader, loans, &parts.expected) ||
      !Take(&reader, loans * ensemble.metric.width(), &parts.metric_rows) ||
      !TakeRows(&reader, loans, schema.Of(graph::NodeKind::kLoan), &parts.rows) ||
      !TakeScores(&reader, &parts.scores)) {
    return Damaged();
  }
  parts.not_in_ledger = reader.Varint();
  if (!reader.ok() || !reader.AtEnd()) return Damaged();
  return parts;
}

}  // namespace recoup::model
