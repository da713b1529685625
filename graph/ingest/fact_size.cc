#include "graph/ingest/fact_size.h"

#include <variant>

namespace recoup::graph {
namespace {

// Room for what frames the texts: tags, lengths, kinds, dates and numbers.
constexpr std::size_t kFactBytes = 96;
constexpr std::size_t kAttributeBytes = 40;
constexpr std::size_t kDeclarationBytes = 24;
constexpr std::size_t kHeaderBytes = 32;

std::size_t TextBytes(const AttributeValue& value) {
  if (const auto* category = std::get_if<Category>(&value)) return category->word.size();
  if (const auto* text = std::get_if<std::string>(&value)) return text->size();
  return 0;
}

struct Texts {
  std::size_t Of(const std::vector<NamedAttribute>& attributes) const {
    std::size_t bytes = 0;
    for (const NamedAttribute& attribute : attributes) {
      bytes += kAttributeBytes + attribute.name.size() + TextBytes(attribute.value);
    }
    return bytes;
  }
  std::size_t operator()(const NodeFact& fact) const {
    return fact.node.external_id.size() + Of(fact.attributes);
  }
  std::size_t operator()(const EdgeFact& fact) const {
    return fact.from.external_id.size() + fact.to.external_id.size() + Of(fact.attributes);
  }
  std::size_t operator()(const OutcomeFact& fact) const { return fact.loan.external_id.size(); }
};

}  // namespace

std::size_t EstimateBytes(const Fact& fact) { return kFactBytes + std::visit(Texts{}, fact); }

std::size_t EstimateHeaderBytes(const FactBatch& batch) {
  std::size_t bytes = kHeaderBytes + batch.source.size();
  for (const AttributeDefinition& declared : batch.declarations) {
    bytes += kDeclarationBytes + declared.name.size();
  }
  return bytes;
}

}  // namespace recoup::graph
