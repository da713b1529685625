#include "graph/types/date.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace recoup {
namespace {

std::chrono::year_month_day ToCivil(Date date) {
  return std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(date.days())));
}

bool ReadDigits(std::string_view text, int* value) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

Result<Date> Date::FromYearMonthDay(int year, int month, int day) {
  const std::chrono::year_month_day civil(std::chrono::year(year),
                                          std::chrono::month(static_cast<unsigned>(month)),
                                          std::chrono::day(static_cast<unsigned>(day)));
  // The calendar's own types keep one byte of month and day, so their ranges are checked here too.
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 || !civil.ok()) {
    return Error{ErrorCode::kInvalidArgument,
                 "no such day in the calendar: " + std::to_string(year) + "-" +
                     std::to_string(month) + "-" + std::to_string(day)};
  }
  return Date(static_cast<std::int32_t>(std::chrono::sys_days(civil).time_since_epoch().count()));
}

Result<Date> Date::Parse(std::string_view text) {
  int year = 0;
  int month = 0;
  int day = 0;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' ||
      !ReadDigits(text.substr(0, 4), &year) || !ReadDigits(text.substr(5, 2), &month) ||
      !ReadDigits(text.substr(8, 2), &day)) {
    return Error{ErrorCode::kInvalidArgument,
                 "a date must look like 2024-12-31: " + std::string(text.substr(0, 40))};
  }
  return FromYearMonthDay(year, month, day);
}

int Date::year() const { return static_cast<int>(ToCivil(*this).year()); }
int Date::month() const { return static_cast<int>(static_cast<unsigned>(ToCivil(*this).month())); }
int Date::day() const { return static_cast<int>(static_cast<unsigned>(ToCivil(*this).day())); }

std::string Date::ToString() const {
  const std::chrono::year_month_day civil = ToCivil(*this);
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u", static_cast<int>(civil.year()),
                static_cast<unsigned>(civil.month()), static_cast<unsigned>(civil.day()));
  return buffer.data();
}

}  // namespace recoup
