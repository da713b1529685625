#include "graph/schema/node_kind.h"

#include <string>

namespace recoup::graph {

std::string_view NodeKindName(NodeKind kind) {
  switch (kind) {
    case NodeKind::kLoan:
      return "loan";
    case NodeKind::kParty:
      return "party";
    case NodeKind::kCollateral:
      return "collateral";
    case NodeKind::kProceeding:
      return "proceeding";
    case NodeKind::kCourt:
      return "court";
    case NodeKind::kRegion:
      return "region";
    case NodeKind::kIndustry:
      return "industry";
    case NodeKind::kProduct:
      return "product";
    case NodeKind::kPortfolio:
      return "portfolio";
  }
  return "unknown";
}

Result<NodeKind> ParseNodeKind(std::string_view name) {
  std::string known;
  for (const NodeKind kind : kAllNodeKinds) {
    if (NodeKindName(kind) == name) return kind;
    if (!known.empty()) known += ", ";
    known += NodeKindName(kind);
  }
  return Error{ErrorCode::kInvalidArgument,
               "unknown node kind; known are " + known + ": " + std::string(name.substr(0, 64))};
}

}  // namespace recoup::graph
