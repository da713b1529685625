// The kinds of relations between nodes, and which node kinds each may join.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "graph/schema/node_kind.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// Part of the stored format and of the wire; never renumber.
enum class EdgeKind : std::uint8_t {
  kBorrows = 1,        // party -> loan
  kCoBorrows = 2,      // party -> loan
  kGuarantees = 3,     // party -> loan or party
  kSecures = 4,        // collateral -> loan; lien_rank, registered_amount
  kOwns = 5,           // party -> party or collateral; share
  kControls = 6,       // party -> party
  kRelatedTo = 7,      // party -> party
  kInvolvedIn = 8,     // loan, party or collateral -> proceeding
  kHeardAt = 9,        // proceeding or loan -> court
  kLocatedIn = 10,     // loan, party, collateral or court -> region; region -> region
  kInIndustry = 11,    // loan or party -> industry; industry -> industry
  kOriginatedBy = 12,  // loan -> party
  kPartOf = 13,        // loan -> portfolio or product
  kPays = 14,          // party -> loan or party
};

inline constexpr std::array<EdgeKind, 14> kAllEdgeKinds = {
    EdgeKind::kBorrows, EdgeKind::kCoBorrows, EdgeKind::kGuarantees, EdgeKind::kSecures,
    EdgeKind::kOwns,    EdgeKind::kControls,  EdgeKind::kRelatedTo,  EdgeKind::kInvolvedIn,
    EdgeKind::kHeardAt, EdgeKind::kLocatedIn, EdgeKind::kInIndustry, EdgeKind::kOriginatedBy,
    EdgeKind::kPartOf,  EdgeKind::kPays};

/// Which end of an edge a reader stands on.
enum class Direction : std::uint8_t {
  kOut = 0,  // from the edge's source to its target
  kIn = 1,   // from the edge's target to its source
};

/// A relation as a reader walks it: an edge kind and the way along it.
struct Relation {
  EdgeKind kind = EdgeKind::kBorrows;
  Direction direction = Direction::kOut;

  constexpr auto operator<=>(const Relation&) const = default;
};

/// Returns the name used in mapping files and output: `borrows`, `co_borrows`, ...
std::string_view EdgeKindName(EdgeKind kind);

/// Errors: kInvalidArgument (unknown name; the message lists the known ones).
Result<EdgeKind> ParseEdgeKind(std::string_view name);

/// Returns the node kinds that may stand at this edge's source or target.
std::span<const NodeKind> AllowedSources(EdgeKind kind);
std::span<const NodeKind> AllowedTargets(EdgeKind kind);

/// Errors: kInvalidArgument (the edge kind may not join these node kinds; says which it may).
Result<void> CheckEndpoints(EdgeKind kind, NodeKind from, NodeKind to);

}  // namespace recoup::graph
