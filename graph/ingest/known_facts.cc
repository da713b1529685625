#include "graph/ingest/known_facts.h"

#include <xxhash.h>

#include <string>
#include <vector>

namespace recoup::graph {
namespace {

// Spells a fact out, its dates aside. Each text carries its length, so that no two facts spell
// alike.
struct Spelling {
  std::string text;

  void Put(std::string_view word) {
    text += std::to_string(word.size());
    text += ':';
    text += word;
  }
  void Put(const NodeKey& key) {
    Put(NodeKindName(key.kind));
    Put(key.external_id);
  }
  void Put(FactOperation operation, const std::vector<NamedAttribute>& attributes) {
    Put(operation == FactOperation::kRemove ? "-" : "+");
    for (const NamedAttribute& attribute : attributes) {
      Put(attribute.name);
      Put(AttributeTypeName(TypeOf(attribute.value)));
      Put(ToString(attribute.value));
    }
  }

  void operator()(const NodeFact& fact) {
    Put(fact.node);
    Put(fact.operation, fact.attributes);
  }
  void operator()(const EdgeFact& fact) {
    Put(EdgeKindName(fact.kind));
    Put(fact.from);
    Put(fact.to);
    Put(fact.operation, fact.attributes);
  }
  void operator()(const OutcomeFact& fact) {
    Put(fact.loan);
    Put(std::to_string(fact.recovery_rate));
    Put(fact.valuation_date.ToString());
  }
};

Date KnownAt(const Fact& fact) {
  return std::visit([](const auto& any) { return any.dates.known_at; }, fact);
}

}  // namespace

KnownFacts::Digest KnownFacts::DigestOf(const Fact& fact) {
  Spelling spelling;
  std::visit(spelling, fact);
  const XXH128_hash_t hash = XXH3_128bits(spelling.text.data(), spelling.text.size());
  return {hash.low64, hash.high64};
}

bool KnownFacts::IsNews(const Fact& fact) {
  const Date known_at = KnownAt(fact);
  const auto [entry, is_new] = earliest_.emplace(DigestOf(fact), known_at);
  if (is_new) return true;
  if (entry->second <= known_at) return false;
  entry->second = known_at;
  return true;
}

}  // namespace recoup::graph
