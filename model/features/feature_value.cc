#include "model/features/feature_value.h"

#include <cmath>
#include <variant>

#include "model/features/peer_pool.h"

namespace recoup::model {

std::optional<double> NumericValue(const graph::AttributeValue& value, Date as_of) {
  if (const auto* number = std::get_if<double>(&value)) {
    return std::isfinite(*number) ? std::optional<double>(*number) : std::nullopt;
  }
  if (const auto* date = std::get_if<Date>(&value)) return DaysFrom(*date, as_of);
  if (const auto* money = std::get_if<Money>(&value)) return money->ToMajor();
  return std::nullopt;
}

}  // namespace recoup::model
