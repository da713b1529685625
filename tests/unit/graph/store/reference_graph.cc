#include "tests/unit/graph/store/reference_graph.h"

#include <algorithm>
#include <map>

namespace recoup::graph {
namespace {

template <typename T>
struct Dated {
  Date known_at;
  std::size_t number;
  const T* fact;
};

// Returns the facts of type T that are visible and wanted, newest first.
template <typename T, typename Wanted>
std::vector<Dated<T>> Newest(const std::vector<Fact>& facts, Date day, std::size_t limit,
                             Wanted wanted) {
  std::vector<Dated<T>> found;
  for (std::size_t i = 0; i < limit; ++i) {
    const T* fact = std::get_if<T>(&facts[i]);
    if (fact != nullptr && fact->dates.known_at <= day && wanted(*fact)) {
      found.push_back({fact->dates.known_at, i, fact});
    }
  }
  std::sort(found.begin(), found.end(), [](const Dated<T>& a, const Dated<T>& b) {
    return std::pair(a.known_at, a.number) > std::pair(b.known_at, b.number);
  });
  return found;
}

// Merges upserts, newest first, down to the first removal.
template <typename T>
std::vector<NamedAttribute> Merge(const std::vector<Dated<T>>& newest) {
  std::map<std::string, AttributeValue> merged;
  for (const Dated<T>& entry : newest) {
    if (entry.fact->operation == FactOperation::kRemove) break;
    for (const NamedAttribute& attribute : entry.fact->attributes) {
      merged.emplace(attribute.name, attribute.value);
    }
  }
  std::vector<NamedAttribute> attributes;
  for (const auto& [name, value] : merged) attributes.push_back({name, value});
  return attributes;
}

std::vector<NodeKey> NamedBy(const Fact& fact) {
  if (const auto* node = std::get_if<NodeFact>(&fact)) return {node->node};
  if (const auto* edge = std::get_if<EdgeFact>(&fact)) return {edge->from, edge->to};
  return {std::get<OutcomeFact>(fact).loan};
}

bool Names(const Fact& fact, const NodeKey& key) {
  if (const auto* node = std::get_if<NodeFact>(&fact)) return node->node == key;
  if (const auto* edge = std::get_if<EdgeFact>(&fact)) return edge->from == key || edge->to == key;
  return std::get<OutcomeFact>(fact).loan == key;
}

Date KnownAt(const Fact& fact) {
  return std::visit([](const auto& any) { return any.dates.known_at; }, fact);
}

}  // namespace

void ReferenceGraph::Apply(const FactBatch& batch) {
  for (const Fact& fact : batch.facts) {
    facts_.push_back(fact);
    for (const NodeKey& key : NamedBy(fact)) Name(key);
  }
}

void ReferenceGraph::Name(const NodeKey& key) {
  if (named_.insert(key).second) nodes_.push_back(key);
}

std::optional<ReferenceNode> ReferenceGraph::Node(const NodeKey& key, Date day,
                                                  std::size_t facts) const {
  Date first = Date::Max();
  for (std::size_t i = 0; i < facts; ++i) {
    const Date known_at = KnownAt(facts_[i]);
    if (known_at <= day && Names(facts_[i], key)) first = std::min(first, known_at);
  }
  if (first == Date::Max()) return std::nullopt;
  const auto newest =
      Newest<NodeFact>(facts_, day, facts, [&](const NodeFact& fact) { return fact.node == key; });
  if (!newest.empty() && newest.front().fact->operation == FactOperation::kRemove) {
    return std::nullopt;
  }
  return ReferenceNode{first, Merge(newest)};
}

std::vector<ReferenceEdge> ReferenceGraph::Edges(const NodeKey& key, Relation relation, Date day,
                                                 std::size_t facts) const {
  const bool out = relation.direction == Direction::kOut;
  std::vector<ReferenceEdge> edges;
  if (!Node(key, day, facts).has_value()) return edges;
  const auto touching = Newest<EdgeFact>(facts_, day, facts, [&](const EdgeFact& fact) {
    return fact.kind == relation.kind && (out ? fact.from : fact.to) == key;
  });
  std::set<NodeKey> seen;
  for (const Dated<EdgeFact>& entry : touching) {
    const NodeKey& neighbour = out ? entry.fact->to : entry.fact->from;
    if (!seen.insert(neighbour).second) continue;
    if (entry.fact->operation == FactOperation::kRemove) continue;
    if (!Node(neighbour, day, facts).has_value()) continue;
    std::vector<Dated<EdgeFact>> same;
    for (const Dated<EdgeFact>& other : touching) {
      if ((out ? other.fact->to : other.fact->from) == neighbour) same.push_back(other);
    }
    edges.push_back({neighbour, entry.fact->dates, Merge(same)});
  }
  return edges;
}

std::optional<Outcome> ReferenceGraph::OutcomeOf(const NodeKey& loan, Date last_day,
                                                 std::size_t facts) const {
  const auto newest = Newest<OutcomeFact>(
      facts_, last_day, facts, [&](const OutcomeFact& fact) { return fact.loan == loan; });
  if (newest.empty()) return std::nullopt;
  const OutcomeFact& fact = *newest.front().fact;
  return Outcome{fact.recovery_rate, fact.valuation_date, fact.dates.known_at};
}

std::vector<ReferencePeer> ReferenceGraph::ResolvedPeers(const NodeKey& entity, Relation relation,
                                                         Date day, std::size_t facts) const {
  std::vector<ReferencePeer> peers;
  for (const ReferenceEdge& edge : Edges(entity, relation, day, facts)) {
    if (edge.neighbour.kind != NodeKind::kLoan) continue;
    const auto outcome = OutcomeOf(edge.neighbour, day.PlusDays(-1), facts);
    if (!outcome.has_value()) continue;
    peers.push_back(
        {edge.neighbour, static_cast<float>(outcome->recovery_rate), outcome->known_at});
  }
  return peers;
}

std::size_t ReferenceGraph::CountEdges(EdgeKind kind) const {
  std::set<std::pair<NodeKey, NodeKey>> edges;
  for (const Fact& fact : facts_) {
    const auto* edge = std::get_if<EdgeFact>(&fact);
    if (edge != nullptr && edge->kind == kind) edges.emplace(edge->from, edge->to);
  }
  return edges.size();
}

std::size_t ReferenceGraph::CountOutcomes() const {
  std::set<NodeKey> loans;
  for (const Fact& fact : facts_) {
    const auto* outcome = std::get_if<OutcomeFact>(&fact);
    if (outcome != nullptr) loans.insert(outcome->loan);
  }
  return loans.size();
}

}  // namespace recoup::graph
