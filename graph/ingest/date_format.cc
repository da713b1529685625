#include "graph/ingest/date_format.h"

#include <array>
#include <cctype>
#include <optional>
#include <string>

namespace recoup::graph {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};

struct DateParts {
  int year = 0;
  int month = 0;
  int day = 0;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes `shortest` to `longest` digits off the front of `text`.
std::optional<int> TakeDigits(std::string_view* text, std::size_t shortest, std::size_t longest) {
  int value = 0;
  std::size_t taken = 0;
  while (taken < longest && taken < text->size() && IsDigit((*text)[taken])) {
    value = value * 10 + ((*text)[taken++] - '0');
  }
  if (taken < shortest) return std::nullopt;
  text->remove_prefix(taken);
  return value;
}

std::optional<int> TakeMonthName(std::string_view* text) {
  if (text->size() < 3) return std::nullopt;
  std::string name;
  for (const char c : text->substr(0, 3)) {
    name.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  }
  for (std::size_t month = 0; month < kMonths.size(); ++month) {
    if (kMonths.at(month) == name) {
      text->remove_prefix(3);
      return static_cast<int>(month) + 1;
    }
  }
  return std::nullopt;
}

// Reads one field; `is_tight` tells that another field touches it, so that its digits are counted.
bool TakeField(char field, bool is_tight, std::string_view* text, DateParts* parts) {
  std::optional<int> value;
  if (field == 'Y') {
    value = TakeDigits(text, 4, 4);
    parts->year = value.value_or(0);
  } else if (field == 'b') {
    value = TakeMonthName(text);
    parts->month = value.value_or(0);
  } else {
    value = TakeDigits(text, is_tight ? 2 : 1, 2);
    (field == 'm' ? parts->month : parts->day) = value.value_or(0);
  }
  return value.has_value();
}

bool IsMidnight(std::string_view rest) {
  if (rest.size() < 9 || (rest[0] != ' ' && rest[0] != 'T') || rest.substr(1, 8) != "00:00:00") {
    return false;
  }
  rest.remove_prefix(9);
  if (!rest.empty() && rest[0] == '.') {
    rest.remove_prefix(1);
    while (!rest.empty() && rest[0] == '0') rest.remove_prefix(1);
  }
  return rest.empty();
}

}  // namespace

Result<void> CheckDateFormat(std::string_view format) {
  std::string fields;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    const char field = i + 1 < format.size() ? format[++i] : '\0';
    if (std::string_view("Ymdb").find(field) == std::string_view::npos || field == '\0' ||
        fields.find(field) != std::string::npos) {
      fields = "?";
      break;
    }
    fields.push_back(field);
  }
  const auto has = [&](char field) { return fields.find(field) != std::string::npos; };
  if (fields.size() == 3 && has('Y') && has('d') && (has('m') || has('b'))) return {};
  return Error{
      ErrorCode::kInvalidArgument,
      "a date format needs %Y, %d and one of %m and %b, each once: " + std::string(format)};
}

Result<Date> ParseDateAs(std::string_view text, std::string_view format) {
  const Error other_form{ErrorCode::kInvalidArgument, "not a date in this form"};
  DateParts parts;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] == '%') {
      const bool touches_last = i >= 2 && format[i - 2] == '%';
      const char field = format[++i];
      const bool touches_next = i + 1 < format.size() && format[i + 1] == '%';
      if (!TakeField(field, touches_last || touches_next, &text, &parts)) return other_form;
    } else if (text.empty() || text[0] != format[i]) {
      return other_form;
    } else {
      text.remove_prefix(1);
    }
  }
  if (!text.empty() && !(format == "%Y-%m-%d" && IsMidnight(text))) return other_form;
  const Result<Date> date = Date::FromYearMonthDay(parts.year, parts.month, parts.day);
  if (!date.has_value()) return Error{ErrorCode::kOutOfRange, "no such day in the calendar"};
  return *date;
}

}  // namespace recoup::graph
