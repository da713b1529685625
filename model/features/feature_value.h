// An attribute's value as a plain number; fitting and encoding must read it alike.
#pragma once

#include <optional>

#include "graph/schema/attribute.h"
#include "graph/types/date.h"

namespace recoup::model {

/// Returns a number as it is, a date as days before `as_of`, an amount in major units; nothing for
/// words, texts and numbers that are not finite.
std::optional<double> NumericValue(const graph::AttributeValue& value, Date as_of);

}  // namespace recoup::model
