// The kinds of things that Recoup's graph knows.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "graph/types/node_id.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// Part of the stored format and of the wire; never renumber.
enum class NodeKind : std::uint8_t {
  kLoan = 1,
  kParty = 2,
  kCollateral = 3,
  kProceeding = 4,
  kCourt = 5,
  kRegion = 6,
  kIndustry = 7,
  kProduct = 8,
  kPortfolio = 9,
};

inline constexpr std::array<NodeKind, 9> kAllNodeKinds = {
    NodeKind::kLoan,       NodeKind::kParty,   NodeKind::kCollateral,
    NodeKind::kProceeding, NodeKind::kCourt,   NodeKind::kRegion,
    NodeKind::kIndustry,   NodeKind::kProduct, NodeKind::kPortfolio};

/// Returns the name used in mapping files and output: `loan`, `party`, ...
std::string_view NodeKindName(NodeKind kind);

/// Errors: kInvalidArgument (unknown name; the message lists the known ones).
Result<NodeKind> ParseNodeKind(std::string_view name);

/// REQUIRES: the id came from a store.
constexpr NodeKind KindOf(NodeId id) { return static_cast<NodeKind>(id.kind_number()); }

}  // namespace recoup::graph
