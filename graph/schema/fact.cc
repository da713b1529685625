#include "graph/schema/fact.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

namespace recoup::graph {
namespace {

constexpr std::size_t kLongestExternalId = 256;
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestText = 65535;
constexpr std::size_t kMostAttributes = 4096;
constexpr Date kFirstDay(-719162);  // 0001-01-01
constexpr Date kLastDay(2932896);   // 9999-12-31

Error Invalid(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

// How many bytes the UTF-8 sequence at the front of `text` takes; 0 if it is not one.
std::size_t SequenceLength(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  }
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool surrogate = lead == 0xed && second >= 0xa0;
  const bool too_large = lead == 0xf4 && second >= 0x90;
  return overlong || surrogate || too_large ? 0 : length;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool HasControlCharacter(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    // U+0080 to U+009F are C2 80 to C2 9F.
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) {
      return true;
    }
  }
  return false;
}

bool IsKnownKind(NodeKind kind) {
  return std::find(kAllNodeKinds.begin(), kAllNodeKinds.end(), kind) != kAllNodeKinds.end();
}

Result<void> CheckKey(const NodeKey& key) {
  if (!IsKnownKind(key.kind)) {
    return Invalid("unknown node kind: " + std::to_string(static_cast<int>(key.kind)));
  }
  if (key.external_id.empty() || key.external_id.size() > kLongestExternalId) {
    return Invalid("an external id must have 1 to 256 bytes: " +
                   std::to_string(key.external_id.size()));
  }
  if (!IsUtf8(key.external_id) || HasControlCharacter(key.external_id)) {
    return Invalid("an external id must be UTF-8 without control characters");
  }
  return {};
}

bool IsName(std::string_view name) {
  if (name.empty() || name.size() > kLongestName || name.front() < 'a' || name.front() > 'z') {
    return false;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Result<void> CheckDay(Date day, std::string_view what) {
  if (day >= kFirstDay && day <= kLastDay) return {};
  return Invalid(std::string(what) + " must lie in the years 1 to 9999; days since 1970-01-01: " +
                 std::to_string(day.days()));
}

Result<void> CheckDates(const FactDates& dates) {
  RECOUP_TRY(CheckDay(dates.effective_at, "effective_at"));
  return CheckDay(dates.known_at, "known_at");
}

Result<void> CheckWords(std::string_view text) {
  if (text.size() > kLongestText) {
    return Invalid("a text may have at most 65535 bytes: " + std::to_string(text.size()));
  }
  if (!IsUtf8(text)) return Invalid("a text must be UTF-8");
  return {};
}

Result<void> CheckValue(const AttributeValue& value) {
  if (const auto* number = std::get_if<double>(&value)) {
    if (!std::isfinite(*number)) return Invalid("a number must be finite: " + ToString(value));
  } else if (const auto* category = std::get_if<Category>(&value)) {
    return CheckWords(category->word);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    return CheckWords(*text);
  } else if (const auto* date = std::get_if<Date>(&value)) {
    return CheckDay(*date, "a date");
  }
  return {};
}

Result<void> CheckShare(const AttributeValue& value) {
  const auto* share = std::get_if<double>(&value);
  // Written so that a NaN fails too.
  if (share != nullptr && *share >= 0.0 && *share <= 1.0) return {};
  return Invalid("a share is a fraction in [0, 1]: " + ToString(value));
}

std::string Qualified(const AttributeOwner& owner, std::string_view name) {
  return std::string(OwnerName(owner)) + "." + std::string(name.substr(0, kLongestName));
}

Result<void> CheckName(const AttributeOwner& owner, std::string_view name) {
  if (IsName(name)) return {};
  return Invalid("an attribute's name must be 1 to 64 of a-z, 0-9 and _, starting with a letter: " +
                 Qualified(owner, name));
}

Result<void> CheckAttribute(const AttributeOwner& owner, const NamedAttribute& attribute) {
  RECOUP_TRY(CheckName(owner, attribute.name));
  const std::optional<AttributeDefinition> known = FindWellKnownAttribute(owner, attribute.name);
  const AttributeType type = TypeOf(attribute.value);
  if (known.has_value() && known->type != type) {
    return Invalid("attribute has another type; " + Qualified(owner, attribute.name) + " is a " +
                   std::string(AttributeTypeName(known->type)) + ", not a " +
                   std::string(AttributeTypeName(type)));
  }
  const Result<void> checked = known.has_value() && known->id == attribute::kOwnsShare
                                   ? CheckShare(attribute.value)
                                   : CheckValue(attribute.value);
  if (!checked) return Annotate(checked.error(), Qualified(owner, attribute.name));
  return {};
}

Result<void> CheckNotRepeated(const AttributeOwner& owner,
                              const std::vector<NamedAttribute>& attributes) {
  std::vector<std::string_view> names;
  names.reserve(attributes.size());
  for (const NamedAttribute& attribute : attributes) names.push_back(attribute.name);
  std::sort(names.begin(), names.end());
  const auto repeated = std::adjacent_find(names.begin(), names.end());
  if (repeated == names.end()) return {};
  return Invalid("an attribute stands twice in one fact: " + Qualified(owner, *repeated));
}

Result<void> CheckAttributes(const AttributeOwner& owner, FactOperation operation,
                             const std::vector<NamedAttribute>& attributes) {
  if (operation != FactOperation::kUpsert && operation != FactOperation::kRemove) {
    return Invalid("unknown operation: " + std::to_string(static_cast<int>(operation)));
  }
  if (operation == FactOperation::kRemove && !attributes.empty()) {
    return Invalid("a removal carries no attributes: " + Qualified(owner, attributes[0].name));
  }
  if (attributes.size() > kMostAttributes) {
    return Invalid("a fact may carry at most 4096 attributes: " +
                   std::to_string(attributes.size()));
  }
  for (const NamedAttribute& attribute : attributes) RECOUP_TRY(CheckAttribute(owner, attribute));
  return CheckNotRepeated(owner, attributes);
}

struct FactCheck {
  Result<void> operator()(const NodeFact& fact) const {
    RECOUP_TRY(CheckKey(fact.node));
    RECOUP_TRY(CheckDates(fact.dates));
    return CheckAttributes(fact.node.kind, fact.operation, fact.attributes);
  }

  Result<void> operator()(const EdgeFact& fact) const {
    RECOUP_TRY(CheckKey(fact.from));
    RECOUP_TRY(CheckKey(fact.to));
    RECOUP_TRY(CheckEndpoints(fact.kind, fact.from.kind, fact.to.kind));
    RECOUP_TRY(CheckDates(fact.dates));
    return CheckAttributes(fact.kind, fact.operation, fact.attributes);
  }

  Result<void> operator()(const OutcomeFact& fact) const {
    RECOUP_TRY(CheckKey(fact.loan));
    RECOUP_TRY(CheckDates(fact.dates));
    RECOUP_TRY(CheckDay(fact.valuation_date, "valuation_date"));
    if (fact.loan.kind != NodeKind::kLoan) {
      return Invalid("only a loan has an outcome: " + std::string(NodeKindName(fact.loan.kind)));
    }
    // Written so that a NaN fails too.
    if (!(fact.recovery_rate >= 0.0 && fact.recovery_rate <= 1.0)) {
      return Invalid("a recovery rate must lie in [0, 1]: " + std::to_string(fact.recovery_rate));
    }
    if (fact.valuation_date > fact.dates.known_at) {
      return Invalid("an outcome must not be known before its valuation date: " +
                     fact.dates.known_at.ToString() + " before " + fact.valuation_date.ToString());
    }
    return {};
  }
};

bool IsKnownOwner(const AttributeOwner& owner) {
  if (const auto* node = std::get_if<NodeKind>(&owner)) return IsKnownKind(*node);
  const EdgeKind edge = *std::get_if<EdgeKind>(&owner);
  return std::find(kAllEdgeKinds.begin(), kAllEdgeKinds.end(), edge) != kAllEdgeKinds.end();
}

Result<void> CheckDeclaration(const AttributeDefinition& declared) {
  if (!IsKnownOwner(declared.owner)) return Invalid("unknown owner of an attribute");
  RECOUP_TRY(CheckName(declared.owner, declared.name));
  const std::string name = Qualified(declared.owner, declared.name);
  if (declared.type < AttributeType::kNumber || declared.type > AttributeType::kMoney ||
      declared.role < AttributeRole::kFeature || declared.role > AttributeRole::kGroup) {
    return Invalid("unknown type or role: " + name);
  }
  if (declared.role == AttributeRole::kGroup &&
      (declared.owner != AttributeOwner(NodeKind::kLoan) ||
       declared.type != AttributeType::kCategory)) {
    return Invalid("a group must be a category of a loan: " + name);
  }
  const auto known = FindWellKnownAttribute(declared.owner, declared.name);
  if (known.has_value() && (known->type != declared.type || known->role != declared.role)) {
    return Invalid("a well-known attribute cannot be declared otherwise: " + name);
  }
  return {};
}

}  // namespace

Result<void> CheckBatch(const FactBatch& batch) {
  if (batch.source.size() > kLongestText || !IsUtf8(batch.source)) {
    return Invalid("a source's name must be UTF-8 of at most 65535 bytes");
  }
  for (std::size_t i = 0; i < batch.declarations.size(); ++i) {
    const Result<void> checked = CheckDeclaration(batch.declarations[i]);
    if (!checked) return Annotate(checked.error(), "declaration " + std::to_string(i));
  }
  for (std::size_t i = 0; i < batch.facts.size(); ++i) {
    const Result<void> checked = std::visit(FactCheck(), batch.facts[i]);
    if (!checked) return Annotate(checked.error(), "fact " + std::to_string(i));
  }
  return {};
}

}  // namespace recoup::graph
