#include "model/predictor/check_input.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace recoup::model {
namespace {

using graph::NodeKind;

Error Misfit(const char* what, std::string_view where) {
  return {ErrorCode::kInvalidArgument,
          "input does not fit the model: " + std::string(what) + ": " + std::string(where)};
}

// Without a branch a number, so that the compiler can look at many at once: this runs before every
// forecast.
bool AllFinite(std::span<const float> values) {
  constexpr std::uint32_t kExponent = 0x7F80'0000;
  std::uint32_t not_finite = 0;
  for (const float value : values) {
    not_finite |= (std::bit_cast<std::uint32_t>(value) & kExponent) == kExponent ? 1U : 0U;
  }
  return not_finite == 0;
}

Result<void> CheckCategories(const KindRows& rows, const KindFeatures& features) {
  const std::size_t width = features.categories.size();
  if (rows.categories.size() != rows.rows * width) {
    return Misfit("number of categories", graph::NodeKindName(features.kind));
  }
  for (std::size_t c = 0; c < width; ++c) {
    const auto words = static_cast<std::uint32_t>(features.categories[c].size());
    std::uint32_t outside = 0;
    for (std::size_t row = 0; row < rows.rows; ++row) {
      // As unsigned a negative number is a large one.
      const auto word = static_cast<std::uint32_t>(rows.categories[row * width + c]);
      outside |= word >= words ? 1U : 0U;
    }
    if (outside != 0) {
      return Misfit("category outside of its vocabulary", graph::NodeKindName(features.kind));
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
  const std::string_view kind = graph::NodeKindName(features.kind);
  if (rows.inner_rows > rows.rows) return Misfit("more inner rows than rows", kind);
  if (rows.numeric.size() != rows.rows * features.numeric_width()) {
    return Misfit("number of numeric values", kind);
  }
  if (!AllFinite(rows.numeric)) return Misfit("number that is not finite", kind);
  return CheckCategories(rows, features);
}

bool IsKind(NodeKind kind) {
  return kind >= graph::kAllNodeKinds.front() && kind <= graph::kAllNodeKinds.back();
}

// How many rows there are at both ends of a relation.
struct Ends {
  std::uint32_t parents = 0;
  std::uint32_t children = 0;
};

// REQUIRES: as many children as parents.
bool AllRowsExist(const RelationRows& edges, Ends ends) {
  std::uint32_t outside = 0;
  for (std::size_t i = 0; i < edges.parents.size(); ++i) {
    outside |= edges.parents[i] >= ends.parents ? 1U : 0U;
    outside |= edges.children[i] >= ends.children ? 1U : 0U;
  }
  return outside == 0;
}

bool Ascend(std::span<const std::uint32_t> parents) {
  std::uint32_t descends = 0;
  for (std::size_t i = 1; i < parents.size(); ++i) {
    descends |= parents[i] < parents[i - 1] ? 1U : 0U;
  }
  return descends == 0;
}

Result<void> CheckRelation(const RelationRows& edges, const EncodedNeighbourhood& input) {
  const std::string_view kind = graph::EdgeKindName(edges.relation.kind);
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
  const KindRows& children_of = input.Of(edges.child_kind);
  const Ends ends{first ? input.seeds : input.Of(edges.parent_kind).inner_rows,
                  first ? children_of.inner_rows : children_of.rows};
  if (!AllRowsExist(edges, ends)) return Misfit("edge to a row that does not exist", kind);
  if (!Ascend(edges.parents)) return Misfit("order of edges", kind);
  if (!AllFinite(edges.weights)) return Misfit("weight that is not finite", kind);
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
