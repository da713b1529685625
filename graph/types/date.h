// A calendar day, the finest grain of time in Recoup's facts.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "graph/types/result.h"

namespace recoup {

/// A day of the proleptic Gregorian calendar, without a time zone.
/// Unit: days since 1970-01-01.
class Date {
 public:
  constexpr Date() = default;
  constexpr explicit Date(std::int32_t days) : days_(days) {}

  /// Reads an ISO 8601 day: exactly `YYYY-MM-DD`, year 0001 to 9999.
  /// Errors: kInvalidArgument (another form, or a day that does not exist).
  static Result<Date> Parse(std::string_view text);

  /// Returns the day; `month` and `day` count from 1.
  /// Errors: kInvalidArgument (no such day).
  static Result<Date> FromYearMonthDay(int year, int month, int day);

  static constexpr Date Min() { return Date(std::numeric_limits<std::int32_t>::min()); }
  static constexpr Date Max() { return Date(std::numeric_limits<std::int32_t>::max()); }

  constexpr std::int32_t days() const { return days_; }
  int year() const;
  int month() const;
  int day() const;

  /// Returns `YYYY-MM-DD`.
  std::string ToString() const;

  constexpr Date PlusDays(std::int32_t days) const { return Date(days_ + days); }

  constexpr auto operator<=>(const Date&) const = default;

 private:
  std::int32_t days_ = 0;
};

/// Unit: days; positive when `later` is after `earlier`.
constexpr std::int32_t DaysBetween(Date earlier, Date later) {
  return later.days() - earlier.days();
}

}  // namespace recoup
