#include "graph/store/fact_codec.h"

#include <unordered_map>
#include <utility>
#include <vector>

#include "graph/store/byte_codec.h"
#include "graph/store/value_codec.h"

namespace recoup::graph {
namespace {

constexpr std::uint8_t kBatchVersion = 1;
constexpr std::uint8_t kEdgeOwner = 0x80;

// Part of the format; never renumber.
enum class FactTag : std::uint8_t { kNode = 1, kEdge = 2, kOutcome = 3 };

class BatchWriter {
 public:
  explicit BatchWriter(std::string* out) : out_(out) {}

  void Batch(const FactBatch& batch) {
    out_.Byte(kBatchVersion);
    out_.String(batch.source);
    out_.Varint(batch.source_offset);
    out_.Varint(batch.declarations.size());
    for (const AttributeDefinition& declared : batch.declarations) Declaration(declared);
    out_.Varint(batch.facts.size());
    for (const Fact& fact : batch.facts) std::visit(*this, fact);
  }

  void operator()(const NodeFact& fact) {
    out_.Byte(static_cast<std::uint8_t>(FactTag::kNode));
    Key(fact.node);
    out_.Byte(static_cast<std::uint8_t>(fact.operation));
    Attributes(fact.attributes);
    Dates(fact.dates);
  }

  void operator()(const EdgeFact& fact) {
    out_.Byte(static_cast<std::uint8_t>(FactTag::kEdge));
    out_.Byte(static_cast<std::uint8_t>(fact.kind));
    Key(fact.from);
    Key(fact.to);
    out_.Byte(static_cast<std::uint8_t>(fact.operation));
    Attributes(fact.attributes);
    Dates(fact.dates);
  }

  void operator()(const OutcomeFact& fact) {
    out_.Byte(static_cast<std::uint8_t>(FactTag::kOutcome));
    Key(fact.loan);
    out_.Double(fact.recovery_rate);
    WriteDay(fact.valuation_date, &out_);
    Dates(fact.dates);
  }

 private:
  void Declaration(const AttributeDefinition& declared) {
    const auto* node = std::get_if<NodeKind>(&declared.owner);
    out_.Byte(node != nullptr ? static_cast<std::uint8_t>(*node)
                              : static_cast<std::uint8_t>(
                                    kEdgeOwner |
                                    static_cast<std::uint8_t>(std::get<EdgeKind>(declared.owner))));
    out_.Varint(declared.id);
    out_.String(declared.name);
    out_.Byte(static_cast<std::uint8_t>(declared.type));
    out_.Byte(static_cast<std::uint8_t>(declared.role));
  }

  void Key(const NodeKey& key) {
    out_.Byte(static_cast<std::uint8_t>(key.kind));
    out_.String(key.external_id);
  }

  void Dates(const FactDates& dates) {
    WriteDay(dates.effective_at, &out_);
    WriteDay(dates.known_at, &out_);
  }

  // A name is spelt where it first appears and numbered from then on.
  void Name(const std::string& name) {
    const auto [found, added] = names_.try_emplace(name, names_.size() + 1);
    out_.Varint(added ? 0 : found->second);
    if (added) out_.String(name);
  }

  void Attributes(const std::vector<NamedAttribute>& attributes) {
    out_.Varint(attributes.size());
    for (const NamedAttribute& attribute : attributes) {
      Name(attribute.name);
      WriteValue(attribute.value, &out_);
    }
  }

  ByteWriter out_;
  std::unordered_map<std::string_view, std::uint64_t> names_;
};

class BatchReader {
 public:
  explicit BatchReader(std::string_view bytes) : in_(bytes) {}

  Result<FactBatch> Batch() {
    FactBatch batch;
    if (in_.Byte() != kBatchVersion) in_.Fail();
    batch.source = in_.String();
    batch.source_offset = in_.Varint();
    Reserve(&batch.declarations, 5);
    for (AttributeDefinition& declared : batch.declarations) declared = Declaration();
    Reserve(&batch.facts, 5);
    for (Fact& fact : batch.facts) {
      if (!in_.ok()) break;
      fact = OneFact();
    }
    if (!in_.ok() || !in_.AtEnd()) {
      return Error{ErrorCode::kDataLoss, "a batch of the facts log does not decode"};
    }
    return batch;
  }

 private:
  // Reads a count and makes room, but never more than the bytes left could fill.
  template <typename T>
  void Reserve(std::vector<T>* items, std::size_t smallest) {
    const std::uint64_t count = in_.Varint();
    if (count > in_.rest().size() / smallest) in_.Fail();
    if (in_.ok()) items->resize(count);
  }

  AttributeDefinition Declaration() {
    AttributeDefinition declared;
    const std::uint8_t owner = in_.Byte();
    if ((owner & kEdgeOwner) != 0) {
      declared.owner = static_cast<EdgeKind>(owner & ~kEdgeOwner);
    } else {
      declared.owner = static_cast<NodeKind>(owner);
    }
    const std::uint64_t id = in_.Varint();
    if (id > 0xffff) in_.Fail();
    declared.id = static_cast<AttributeId>(id);
    declared.name = in_.String();
    declared.type = static_cast<AttributeType>(in_.Byte());
    declared.role = static_cast<AttributeRole>(in_.Byte());
    return declared;
  }

  Fact OneFact() {
    switch (static_cast<FactTag>(in_.Byte())) {
      case FactTag::kNode:
        return Node();
      case FactTag::kEdge:
        return Edge();
      case FactTag::kOutcome:
        return Outcome();
    }
    in_.Fail();
    return {};
  }

  NodeFact Node() {
    NodeFact fact;
    fact.node = Key();
    fact.operation = static_cast<FactOperation>(in_.Byte());
    fact.attributes = Attributes();
    fact.dates = Dates();
    return fact;
  }

  EdgeFact Edge() {
    EdgeFact fact;
    fact.kind = static_cast<EdgeKind>(in_.Byte());
    fact.from = Key();
    fact.to = Key();
    fact.operation = static_cast<FactOperation>(in_.Byte());
    fact.attributes = Attributes();
    fact.dates = Dates();
    return fact;
  }

  OutcomeFact Outcome() {
    OutcomeFact fact;
    fact.loan = Key();
    fact.recovery_rate = in_.Double();
    fact.valuation_date = ReadDay(&in_);
    fact.dates = Dates();
    return fact;
  }

  NodeKey Key() {
    NodeKey key;
    key.kind = static_cast<NodeKind>(in_.Byte());
    key.external_id = in_.String();
    return key;
  }

  FactDates Dates() {
    FactDates dates;
    dates.effective_at = ReadDay(&in_);
    dates.known_at = ReadDay(&in_);
    return dates;
  }

  std::string Name() {
    const std::uint64_t number = in_.Varint();
    if (number == 0) {
      names_.push_back(in_.String());
      return std::string(names_.back());
    }
    if (number > names_.size()) {
      in_.Fail();
      return {};
    }
    return std::string(names_[number - 1]);
  }

  std::vector<NamedAttribute> Attributes() {
    std::vector<NamedAttribute> attributes;
    Reserve(&attributes, 3);
    for (NamedAttribute& attribute : attributes) {
      if (!in_.ok()) break;
      attribute.name = Name();
      attribute.value = ReadValue(&in_);
    }
    return attributes;
  }

  ByteReader in_;
  std::vector<std::string_view> names_;
};

}  // namespace

std::string EncodeBatch(const FactBatch& batch) {
  std::string bytes;
  BatchWriter(&bytes).Batch(batch);
  return bytes;
}

Result<FactBatch> DecodeBatch(std::string_view bytes) { return BatchReader(bytes).Batch(); }

}  // namespace recoup::graph
