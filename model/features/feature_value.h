// An attribute's value as a plain number; fitting and encoding must read it alike.
#pragma once

#include <optional>
#include <span>

#include "graph/schema/attribute.h"
#include "graph/store/graph_view.h"
#include "graph/types/date.h"

namespace recoup::model {

/// The day that each date of a node is counted back from. A defaulted loan's dates count from its
/// default, and only the default itself from the as-of date: a loan's age at default says how much
/// of it had been paid back, and stays the same however much later the loan is valued. Counting all
/// of them from the as-of date would take a loan that defaulted years ago for one that defaulted
/// today at a great age.
class ReferenceDays {
 public:
  /// `attributes` of one node as of `as_of`, ascending by id.
  ReferenceDays(std::span<const graph::StoredAttribute> attributes, Date as_of);

  Date Of(graph::AttributeId id) const {
    return id == graph::attribute::kLoanDefaultDate ? as_of_ : default_or_as_of_;
  }

 private:
  Date as_of_;
  Date default_or_as_of_;
};

/// Returns a number as it is, a date as days before `reference`, an amount in major units; nothing
/// for words, texts and numbers that are not finite.
std::optional<double> NumericValue(const graph::AttributeValue& value, Date reference);

}  // namespace recoup::model
