#include "model/features/feature_value.h"

#include <cmath>
#include <variant>

#include "model/features/peer_pool.h"

namespace recoup::model {

ReferenceDays::ReferenceDays(std::span<const graph::StoredAttribute> attributes, Date as_of)
    : as_of_(as_of), default_or_as_of_(as_of) {
  for (const graph::StoredAttribute& attribute : attributes) {
    if (attribute.id > graph::attribute::kLoanDefaultDate) break;  // ids ascend
    if (attribute.id != graph::attribute::kLoanDefaultDate) continue;
    const Date* date = std::get_if<Date>(&attribute.value);
    if (date != nullptr && *date <= as_of) default_or_as_of_ = *date;
  }
}

std::optional<double> NumericValue(const graph::AttributeValue& value, Date reference) {
  if (const auto* number = std::get_if<double>(&value)) {
    return std::isfinite(*number) ? std::optional<double>(*number) : std::nullopt;
  }
  if (const auto* date = std::get_if<Date>(&value)) return DaysFrom(*date, reference);
  if (const auto* money = std::get_if<Money>(&value)) return money->ToMajor();
  return std::nullopt;
}

}  // namespace recoup::model
