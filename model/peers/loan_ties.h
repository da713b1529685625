// What a loan hangs on: the groups through which resolved loans speak for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graph/schema/attribute.h"
#include "graph/schema/edge_kind.h"
#include "graph/schema/node_kind.h"
#include "graph/store/graph_view.h"
#include "graph/types/node_id.h"
#include "graph/types/result.h"

namespace recoup::model {

/// One tie of a loan: to an entity of the graph, or to a group that an attribute of role kGroup
/// names.
struct LoanTie {
  /// The way to it, such as `out.originated_by.party`, `out.located_in.region.state` (regions,
  /// industries and products are told apart by what stands before ':' in their id),
  /// `in.borrows.party/out.guarantees.party` (two steps) or `group.lender_vintage`.
  std::string relation;
  graph::NodeId entity;  // of a tie to an entity
  std::string word;      // of a group
  /// Resolved loans speak for others that are tied to the same entity. Not so for a party that is
  /// two steps away: its own loans speak for this one, but this one does not speak for it.
  bool speaks = true;
};

/// How many entities one relation of a node may lead to.
inline constexpr std::size_t kMostTiedEntities = 64;
/// The name of one step, such as `out.originated_by.party`.
std::string TieStepName(graph::Relation relation, graph::NodeKind end);
/// Whether ties lead on from the end of a loan's own relation: not from a lender, nor from entities
/// of which there are few, with many loans each.
bool TiesGoOnFrom(graph::Relation relation, graph::NodeKind end);
/// Whether a loan speaks for others that are tied to the same entity (LoanTie::speaks).
bool TieSpeaks(bool first_step, graph::NodeKind end);
/// The relations that attributes of role kGroup make, by attribute.
std::map<graph::AttributeId, std::string> GroupRelations(
    const std::vector<graph::AttributeDefinition>& attributes);

/// Reads ties from a view.
/// Threads: one each. Lifetime: must not outlive the store whose views it reads.
class LoanTieReader {
 public:
  /// `attributes` are GraphView::Attributes() of the store.
  explicit LoanTieReader(const std::vector<graph::AttributeDefinition>& attributes);

  /// Returns the ties of a loan as the view shows them, one a way: a party that two guarantors lead
  /// to is there twice, under one relation. GroupCatalog makes one member of it.
  /// Errors: kDataLoss.
  Result<std::vector<LoanTie>> Read(const graph::GraphView& view, graph::NodeId loan,
                                    const graph::NodeRecord& record);

 private:
  Result<void> Walk(const graph::GraphView& view, graph::NodeId from, const std::string& prefix,
                    std::vector<LoanTie>* ties);
  Result<std::string> SortOf(const graph::GraphView& view, graph::NodeId entity);

  std::map<graph::AttributeId, std::string> groups_;  // relation's name by attribute
  std::unordered_map<graph::NodeId, std::string> sorts_;
};

/// Numbers relations and groups from 0, in the order in which they are met.
/// Threads: Find may be called concurrently, Intern not.
class GroupCatalog {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  /// Returns numbers for all ties: (relation, group), ascending, without duplicates.
  struct Member {
    std::uint32_t relation = 0;
    std::uint32_t group = 0;
    bool speaks = true;

    auto operator<=>(const Member&) const = default;
  };
  std::vector<Member> Intern(const std::vector<LoanTie>& ties);
  /// As Intern, without ties of which the relation or the group is not known.
  std::vector<Member> Find(const std::vector<LoanTie>& ties) const;
  /// Return one group, or kNone.
  std::uint32_t GroupOf(graph::NodeId entity) const;
  std::uint32_t GroupOf(const std::string& relation, const std::string& word) const;

  const std::vector<std::string>& relations() const { return relations_; }
  std::size_t groups() const { return groups_; }

  /// All of it, to be kept: relations in the order of their numbers, the rest ascending.
  struct Parts {
    std::vector<std::string> relations;
    std::vector<std::pair<graph::NodeId, std::uint32_t>> entities;  // with their groups
    std::vector<std::pair<std::string, std::uint32_t>> words;       // by relation and word
    std::uint32_t groups = 0;
  };
  Parts ToParts() const;
  /// REQUIRES: every group is below parts.groups.
  static GroupCatalog FromParts(Parts parts);

 private:
  std::vector<std::string> relations_;
  std::unordered_map<std::string, std::uint32_t> relation_numbers_;
  std::unordered_map<graph::NodeId, std::uint32_t> entity_groups_;
  std::unordered_map<std::string, std::uint32_t> word_groups_;  // by relation and word
  std::uint32_t groups_ = 0;
};

/// Orders by (relation, group) and takes duplicates out; what does not speak goes first.
void SortUnique(std::vector<GroupCatalog::Member>* members);

}  // namespace recoup::model
