// Harder questions than "the next years": outcomes that come sooner or later, and new lenders.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "graph/store/graph_store.h"
#include "graph/types/node_id.h"
#include "graph/types/result.h"
#include "model/features/encoder.h"

namespace recoup::model {

/// Some groups of a relation, such as a third of the lenders, are taken out of training and
/// validation, and only their loans are tested: what is a model worth on a lender it never saw?
struct NewGroups {
  std::string relation;  // as LoanTie::relation
  /// Those of which the CRC-32 of the name, without what stands before its first ':', leaves this
  /// remainder.
  std::uint32_t remainder = 0;
  std::uint32_t divisor = 3;
  /// Whether their own past outcomes can be seen.
  bool are_heard = false;
};

/// Parses `out.originated_by.party:0/3`.
/// Errors: kInvalidArgument.
Result<NewGroups> ParseNewGroups(std::string_view text);

struct ScenarioOptions {
  /// Value loans this many days before their outcome (ExampleOptions::lag_days).
  std::optional<std::int32_t> lag_days{};
  std::optional<NewGroups> new_groups{};
};

using LoanSet = std::unordered_set<graph::NodeId>;

/// Returns the loans of these examples that are tied to a new group on their day.
/// Errors: kDataLoss, kInvalidArgument (no loan has that relation).
Result<LoanSet> LoansOfNewGroups(const graph::GraphStore& store, std::span<const Example> examples,
                                 const NewGroups& groups);

}  // namespace recoup::model
