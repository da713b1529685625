#include "model/predictor/check_input.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace recoup::model {
namespace {

using graph::NodeKind;

Error Misfit(const std::string& what, const std::string& where) {
  return {ErrorCode::kInvalidArgument, "input does not fit the model: " + what + ": " + where};
}

bool AllFinite(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(), [](float x) { return std::isfinite(x); });
}

Result<void> CheckCategories(const KindRows& rows, const KindFeatures& features,
                             const std::string& kind) {
  const std::size_t width = features.categories.size();
  if (rows.categories.size() != rows.rows * width) return Misfit("number of categories", kind);
  for (std::size_t i = 0; i < rows.categories.size(); ++i) {
    const auto words = static_cast<std::int32_t>(features.categories[i % width].size());
    if (rows.categories[i] < 0 || rows.categories[i] >= words) {
      return Misfit("category outside of its vocabulary", kind);
    }
  }
  return {};
}

Result<void> CheckContext(const EncodedNeighbourhood& input, std::size_t width) {
  if (input.context.size() != input.seeds * width) {
    return Misfit("width of the context", std::to_string(input.context.size()));
  }
  if (!AllFinite(input.context)) return Misfit("number that is not finite", "context");
  return {};
}

Result<void> CheckKind(const KindRows& rows, const KindFeatures& features) {
  const std::string kind(graph::NodeKindName(features.kind));
  if (rows.inner_rows > rows.rows) return Misfit("more inner rows than rows", kind);
  if (rows.numeric.size() != rows.rows * features.numeric_width()) {
    return Misfit("number of numeric values", kind);
  }
  if (!AllFinite(rows.numeric)) return Misfit("number that is not finite", kind);
  return CheckCategories(rows, features, kind);
}

bool IsKind(NodeKind kind) {
  return kind >= graph::kAllNodeKinds.front() && kind <= graph::kAllNodeKinds.back();
}

Result<void> CheckRelation(const RelationRows& edges, const EncodedNeighbourhood& input) {
  const std::string kind(graph::EdgeKindName(edges.relation.kind));
  if (!IsKind(edges.parent_kind) || !IsKind(edges.child_kind)) return Misfit("node kind", kind);
  if (edges.hop != 1 && edges.hop != 2) return Misfit("hop", kind);
  if (edges.hop == 1 && edges.parent_kind != NodeKind::kLoan) {
    return Misfit("first hop that does not start at a loan", kind);
  }
  const std::size_t count = edges.parents.size();
  if (edges.children.size() != count || edges.weights.size() != count) {
    return Misfit("number of edges", kind);
  }
  const bool first = edges.hop == 1;
  const std::uint32_t parents = first ? input.seeds : input.Of(edges.parent_kind).inner_rows;
  const KindRows& children_of = input.Of(edges.child_kind);
  const std::uint32_t children = first ? children_of.inner_rows : children_of.rows;
  for (std::size_t i = 0; i < count; ++i) {
    if (edges.parents[i] >= parents || edges.children[i] >= children) {
      return Misfit("edge to a row that does not exist", kind);
    }
    if (i > 0 && edges.parents[i] < edges.parents[i - 1]) return Misfit("order of edges", kind);
    if (!std::isfinite(edges.weights[i])) return Misfit("weight that is not finite", kind);
  }
  return {};
}

}  // namespace

Result<void> CheckInput(const EncodedNeighbourhood& input, const FeatureSchema& schema,
                        std::size_t context_width) {
  if (input.seeds == 0 || input.Of(NodeKind::kLoan).inner_rows < input.seeds) {
    return Misfit("number of loans valued", std::to_string(input.seeds));
  }
  for (const NodeKind kind : graph::kAllNodeKinds) {
    RECOUP_TRY(CheckKind(input.Of(kind), schema.Of(kind)));
  }
  RECOUP_TRY(CheckContext(input, context_width));
  for (const RelationRows& edges : input.relations) RECOUP_TRY(CheckRelation(edges, input));
  return {};
}

}  // namespace recoup::model
