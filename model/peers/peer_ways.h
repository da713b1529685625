// The ways from a loan to the groups that somebody listens to, planned once.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "graph/sampling/walkable_relations.h"
#include "graph/schema/attribute.h"
#include "graph/store/graph_view.h"
#include "graph/types/result.h"
#include "model/peers/loan_book.h"
#include "model/peers/loan_ties.h"

namespace recoup::model {

/// Finds of which groups of a book a loan is a member: GroupCatalog::Find of all its ties
/// (LoanTieReader), of some relations only. It walks where those relations lead and nowhere else,
/// and asks no entity what sort it is of: the book's members tell.
/// Threads: share freely. Lifetime: must not outlive the book.
class PeerWays {
 public:
  /// `relations` are numbers of the book's catalog; others than its own are passed over.
  PeerWays(const LoanBook& book, std::span<const std::uint32_t> relations);

  /// Returns members ascending by (relation, group), without duplicates. Errors: kDataLoss.
  Result<std::vector<GroupCatalog::Member>> MembersOf(const graph::GraphView& view,
                                                      graph::NodeId loan,
                                                      const graph::NodeRecord& record) const;

 private:
  static constexpr std::size_t kKinds = 16;
  /// The relation's number by what follows the name of a step: nothing, or `.` and a sort.
  using BySort = std::map<std::string, std::uint32_t>;

  /// One step from nodes of one kind, and what is listened to at its end, by the end's kind.
  struct Step {
    graph::Relation relation;
    std::array<BySort, kKinds> heard;
    std::array<std::vector<Step>, kKinds> further;
  };

  std::vector<Step> StepsFrom(graph::NodeKind kind, const std::string& prefix,
                              const std::map<std::string, std::uint32_t>& wanted) const;
  Result<void> Walk(const graph::GraphView& view, graph::NodeId from, std::span<const Step> steps,
                    bool first, std::vector<GroupCatalog::Member>* members) const;

  const GroupCatalog& catalog_;
  std::vector<std::string> sorts_;  // by group, as in BySort
  std::vector<Step> steps_;
  /// A group attribute, what its words start with in the catalog, and the relation's number.
  struct WordWay {
    graph::AttributeId attribute = 0;
    std::string relation;
    std::uint32_t number = 0;
  };
  std::vector<WordWay> words_;
};

}  // namespace recoup::model
