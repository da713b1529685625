#include <algorithm>
#include <utility>

#include "model/features/encoded_neighbourhood.h"
#include "model/features/relation_order.h"

namespace recoup::model {
namespace {

using Parts = std::span<const EncodedNeighbourhood* const>;

// Where the rows of one part land: its valued loans, its other inner rows, its outer rows.
struct RowMap {
  std::uint32_t seeds = 0;       // rows that are valued loans
  std::uint32_t inner_end = 0;   // end of the inner rows
  std::uint32_t seed_base = 0;   // added to a row of each stretch
  std::uint32_t inner_base = 0;  // relative to the part's first row of the stretch
  std::uint32_t outer_base = 0;

  std::uint32_t operator()(std::uint32_t row) const {
    if (row < seeds) return seed_base + row;
    if (row < inner_end) return inner_base + (row - seeds);
    return outer_base + (row - inner_end);
  }
};

// Numbers all valued loans first, then the other inner rows, then the outer rows.
std::vector<RowMap> MapRows(Parts parts, graph::NodeKind kind) {
  std::vector<RowMap> maps(parts.size());
  for (std::size_t p = 0; p < parts.size(); ++p) {
    maps[p].seeds = kind == graph::NodeKind::kLoan ? parts[p]->seeds : 0;
    maps[p].inner_end = parts[p]->Of(kind).inner_rows;
  }
  std::uint32_t next = 0;
  for (RowMap& map : maps) map.seed_base = std::exchange(next, next + map.seeds);
  for (RowMap& map : maps) {
    map.inner_base = std::exchange(next, next + map.inner_end - map.seeds);
  }
  for (std::size_t p = 0; p < parts.size(); ++p) {
    maps[p].outer_base = std::exchange(next, next + parts[p]->Of(kind).rows - maps[p].inner_end);
  }
  return maps;
}

// Copies rows [begin, end) of `from`, `width` numbers each, to row `to` on.
template <typename T>
void CopyRows(const std::vector<T>& from, std::uint32_t begin, std::uint32_t end, std::size_t width,
              std::uint32_t to, std::vector<T>* out) {
  std::copy(from.begin() + static_cast<std::ptrdiff_t>(begin * width),
            from.begin() + static_cast<std::ptrdiff_t>(end * width),
            out->begin() + static_cast<std::ptrdiff_t>(to * width));
}

template <typename T>
void JoinColumns(Parts parts, graph::NodeKind kind, const std::vector<RowMap>& maps,
                 std::vector<T> KindRows::*column, KindRows* out) {
  std::size_t width = 0;
  for (const EncodedNeighbourhood* part : parts) {
    const KindRows& rows = part->Of(kind);
    if (rows.rows > 0) width = (rows.*column).size() / rows.rows;
  }
  (out->*column).resize(out->rows * width);
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const KindRows& rows = parts[p]->Of(kind);
    const RowMap& map = maps[p];
    CopyRows(rows.*column, 0, map.seeds, width, map.seed_base, &(out->*column));
    CopyRows(rows.*column, map.seeds, map.inner_end, width, map.inner_base, &(out->*column));
    CopyRows(rows.*column, map.inner_end, rows.rows, width, map.outer_base, &(out->*column));
  }
}

KindRows JoinKind(Parts parts, graph::NodeKind kind, const std::vector<RowMap>& maps) {
  KindRows out;
  for (const EncodedNeighbourhood* part : parts) {
    out.rows += part->Of(kind).rows;
    out.inner_rows += part->Of(kind).inner_rows;
  }
  JoinColumns(parts, kind, maps, &KindRows::numeric, &out);
  JoinColumns(parts, kind, maps, &KindRows::categories, &out);
  return out;
}

// Makes the joined relations, empty but with room, in order; fills the table from RelationOrder to
// their positions.
std::vector<RelationRows> MakeRelations(Parts parts, std::vector<std::int32_t>* position_of) {
  std::vector<std::uint32_t> edges(kRelationOrders, 0);
  std::vector<std::uint32_t> orders;
  for (const EncodedNeighbourhood* part : parts) {
    for (const RelationRows& rows : part->relations) {
      const std::uint32_t order = RelationOrder(rows);
      if ((*position_of)[order] < 0) {
        (*position_of)[order] = 0;
        orders.push_back(order);
      }
      edges[order] += static_cast<std::uint32_t>(rows.parents.size());
    }
  }
  std::sort(orders.begin(), orders.end());
  std::vector<RelationRows> relations(orders.size());
  for (std::size_t i = 0; i < orders.size(); ++i) {
    (*position_of)[orders[i]] = static_cast<std::int32_t>(i);
    relations[i].parents.reserve(edges[orders[i]]);
    relations[i].children.reserve(edges[orders[i]]);
    relations[i].weights.reserve(edges[orders[i]]);
  }
  return relations;
}

void AppendEdges(const RelationRows& from, const RowMap& parent_rows, const RowMap& child_rows,
                 RelationRows* out) {
  out->relation = from.relation;
  out->parent_kind = from.parent_kind;
  out->child_kind = from.child_kind;
  out->hop = from.hop;
  for (const std::uint32_t parent : from.parents) out->parents.push_back(parent_rows(parent));
  for (const std::uint32_t child : from.children) out->children.push_back(child_rows(child));
  out->weights.insert(out->weights.end(), from.weights.begin(), from.weights.end());
}

}  // namespace

EncodedNeighbourhood Collate(Parts parts) {
  EncodedNeighbourhood out;
  out.seeds = 0;
  for (const EncodedNeighbourhood* part : parts) {
    out.seeds += part->seeds;
    out.context.insert(out.context.end(), part->context.begin(), part->context.end());
  }
  std::array<std::vector<RowMap>, 10> maps;
  for (const graph::NodeKind kind : graph::kAllNodeKinds) {
    std::vector<RowMap>& kind_maps = maps[static_cast<std::size_t>(kind)];
    kind_maps = MapRows(parts, kind);
    out.Of(kind) = JoinKind(parts, kind, kind_maps);
  }
  std::vector<std::int32_t> position_of(kRelationOrders, -1);
  out.relations = MakeRelations(parts, &position_of);
  // Bases grow with the part, so parents stay ascending.
  for (std::size_t p = 0; p < parts.size(); ++p) {
    for (const RelationRows& rows : parts[p]->relations) {
      AppendEdges(rows, maps[static_cast<std::size_t>(rows.parent_kind)][p],
                  maps[static_cast<std::size_t>(rows.child_kind)][p],
                  &out.relations[static_cast<std::size_t>(position_of[RelationOrder(rows)])]);
    }
  }
  return out;
}

}  // namespace recoup::model
