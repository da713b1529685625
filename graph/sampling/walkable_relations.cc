#include "graph/sampling/walkable_relations.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace recoup::graph {
namespace {

struct Tables {
  std::array<std::vector<WalkableRelation>, 10> all;  // by NodeKind number
  std::array<std::vector<WalkableRelation>, 10> to_loans;
};

bool Contains(std::span<const NodeKind> kinds, NodeKind kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

void AddEnd(Tables* tables, Relation relation, std::span<const NodeKind> from,
            std::span<const NodeKind> to) {
  const WalkableRelation walkable{relation, Contains(to, NodeKind::kLoan)};
  for (const NodeKind kind : from) {
    const auto number = static_cast<std::size_t>(kind);
    tables->all[number].push_back(walkable);
    if (walkable.reaches_loans) tables->to_loans[number].push_back(walkable);
  }
}

// Edge kinds ascend and out comes before in, so every list ascends by relation.
Tables MakeTables() {
  Tables tables;
  for (const EdgeKind kind : kAllEdgeKinds) {
    AddEnd(&tables, {kind, Direction::kOut}, AllowedSources(kind), AllowedTargets(kind));
    AddEnd(&tables, {kind, Direction::kIn}, AllowedTargets(kind), AllowedSources(kind));
  }
  return tables;
}

const Tables& TheTables() {
  static const Tables tables = MakeTables();
  return tables;
}

std::span<const WalkableRelation> At(const std::array<std::vector<WalkableRelation>, 10>& by_kind,
                                     NodeKind kind) {
  const auto number = static_cast<std::size_t>(kind);
  return number < by_kind.size() ? std::span<const WalkableRelation>(by_kind[number])
                                 : std::span<const WalkableRelation>();
}

}  // namespace

std::span<const WalkableRelation> RelationsFrom(NodeKind kind) { return At(TheTables().all, kind); }

std::span<const WalkableRelation> RelationsToLoans(NodeKind kind) {
  return At(TheTables().to_loans, kind);
}

}  // namespace recoup::graph
