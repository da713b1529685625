#include "graph/ingest/cell.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include "graph/ingest/date_format.h"

namespace recoup::graph {
namespace {

Error Bad(std::string reason) { return {ErrorCode::kInvalidArgument, std::move(reason)}; }

// Whether the text holds a control character of ASCII or one of U+0080 to U+009F (C2 80 to C2 9F).
bool HasControl(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) {
      return true;
    }
  }
  return false;
}

// Turns 1.234,50 into 1,234.50.
std::string SwapSeparators(std::string_view text) {
  std::string swapped(text);
  for (char& c : swapped) {
    if (c == ',') {
      c = '.';
    } else if (c == '.') {
      c = ',';
    }
  }
  return swapped;
}

// Removes the commas of 1,234,567.5; nothing if they do not stand before groups of three digits.
std::optional<std::string> WithoutGroups(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string plain;
  std::size_t since_comma = 0;
  bool grouped = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != ',') {
      plain.push_back(text[i]);
      if (i < point) since_comma += text[i] >= '0' && text[i] <= '9' ? 1 : 0;
      continue;
    }
    const bool first_group_fits = since_comma >= 1 && since_comma <= 3;
    if (i > point || !first_group_fits || (grouped && since_comma != 3)) return std::nullopt;
    grouped = true;
    since_comma = 0;
  }
  if (grouped && since_comma != 3) return std::nullopt;
  return plain;
}

// Moves the point of a plain decimal number by `shift` digits; exact, unlike a multiplication.
std::string ShiftPoint(std::string_view number, int shift) {
  const bool is_signed = !number.empty() && (number[0] == '-' || number[0] == '+');
  std::string sign(number.substr(0, is_signed ? 1 : 0));
  std::string digits(number.substr(is_signed ? 1 : 0));
  std::size_t point = std::min(digits.find('.'), digits.size());
  if (point < digits.size()) digits.erase(point, 1);
  if (shift < 0 && point < static_cast<std::size_t>(-shift)) {
    const std::size_t zeros = static_cast<std::size_t>(-shift) - point;
    digits.insert(0, zeros, '0');
    point += zeros;
  }
  if (shift > 0 && point + static_cast<std::size_t>(shift) > digits.size()) {
    digits.resize(point + static_cast<std::size_t>(shift), '0');
  }
  point = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(point) + shift);
  if (point < digits.size()) digits.insert(point, ".");
  return sign + digits;
}

bool IsPlainDecimal(std::string_view text) {
  const auto ok = [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+'; };
  return !text.empty() && std::all_of(text.begin(), text.end(), ok) &&
         std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<void> CheckRange(double value, const CellFormat& format) {
  if (format.minimum.has_value() && value < *format.minimum) {
    return Error{ErrorCode::kOutOfRange, "smaller than the mapping's minimum"};
  }
  if (format.maximum.has_value() && value > *format.maximum) {
    return Error{ErrorCode::kOutOfRange, "larger than the mapping's maximum"};
  }
  return {};
}

Result<Money> ReadMoney(std::string_view text, const CellFormat& format) {
  const std::string dotted = format.decimal_comma ? SwapSeparators(text) : std::string(text);
  const std::optional<std::string> plain = WithoutGroups(dotted);
  if (!plain.has_value() || !IsPlainDecimal(*plain)) return Bad("not an amount");
  const Result<Money> money =
      Money::Parse(ShiftPoint(*plain, format.decimal_shift), format.currency);
  if (money.has_value()) return *money;
  if (money.error().code == ErrorCode::kOutOfRange) {
    return Error{ErrorCode::kOutOfRange, "the amount is too large"};
  }
  // The digits were fine, so it is either the form (`1.2.3`) or the number of decimals.
  if (std::count(plain->begin(), plain->end(), '.') > 1 ||
      plain->find_first_of("+-", 1) != std::string::npos) {
    return Bad("not an amount");
  }
  const std::size_t point = plain->find('.');
  const std::size_t sign = plain->find_first_of("+-") == 0 ? 1 : 0;
  const bool like_a_group =
      plain->size() - point == 4 && point - sign <= 3 && plain->at(sign) != '0';
  if (format.decimal_shift == 0 && like_a_group) {
    return Bad("three decimals, or a point between thousands: set decimal_comma, or round");
  }
  return Bad("more decimals than the currency has");
}

Result<std::optional<AttributeValue>> ReadCategory(std::string_view text,
                                                   const CellFormat& format) {
  std::string word(text);
  if (!format.words.empty()) {
    const auto known = format.words.find(text);
    if (known != format.words.end()) {
      word = known->second;
    } else if (format.other_words == OtherWords::kNull) {
      return std::optional<AttributeValue>();
    } else if (format.other_words == OtherWords::kUnknown) {
      word = "unknown";
    } else {
      return Bad("not a word that the mapping lists");
    }
  }
  if (word.size() > kMaxCategoryBytes) return Bad("the word is longer than 128 bytes");
  if (HasControl(word)) return Bad("a word must not hold control characters");
  return std::optional<AttributeValue>(Category{std::move(word)});
}

}  // namespace

Result<double> ReadNumber(std::string_view text, int decimal_shift, bool decimal_comma) {
  const std::string dotted = decimal_comma ? SwapSeparators(text) : std::string(text);
  std::string number = WithoutGroups(dotted).value_or("");
  if (number.empty()) return Bad("not a number");
  if (decimal_shift != 0 && IsPlainDecimal(number)) {
    number = ShiftPoint(number, decimal_shift);
    decimal_shift = 0;
  }
  std::string_view digits = number;
  if (digits.front() == '+' && digits.find('-') != 1) digits.remove_prefix(1);
  double value = 0.0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range) {
    return Error{ErrorCode::kOutOfRange, "the number is out of range"};
  }
  if (error != std::errc() || end != digits.data() + digits.size()) return Bad("not a number");
  value *= std::pow(10.0, decimal_shift);
  if (!std::isfinite(value)) return Bad("not a finite number");
  return value;
}

Result<Date> ReadDate(std::string_view text, const std::vector<std::string>& formats) {
  bool fits_a_form = false;
  for (const std::string& format : formats) {
    const Result<Date> date = ParseDateAs(text, format);
    if (date.has_value()) return *date;
    fits_a_form = fits_a_form || date.error().code == ErrorCode::kOutOfRange;
  }
  if (fits_a_form) return Error{ErrorCode::kOutOfRange, "no such day in the calendar"};
  return Bad("not a date in a form that the mapping lists");
}

Result<std::optional<AttributeValue>> ReadCell(std::string_view text, const CellFormat& format) {
  using Value = std::optional<AttributeValue>;
  switch (format.type) {
    case AttributeType::kNumber: {
      RECOUP_ASSIGN(const double number,
                    ReadNumber(text, format.decimal_shift, format.decimal_comma));
      RECOUP_TRY(CheckRange(number, format));
      return Value(number);
    }
    case AttributeType::kMoney: {
      RECOUP_ASSIGN(const Money money, ReadMoney(text, format));
      RECOUP_TRY(CheckRange(money.ToMajor(), format));
      return Value(money);
    }
    case AttributeType::kDate: {
      RECOUP_ASSIGN(const Date date, ReadDate(text, format.date_formats));
      return Value(date);
    }
    case AttributeType::kCategory:
      return ReadCategory(text, format);
    case AttributeType::kText:
      if (text.size() > kMaxTextBytes) return Bad("the text is longer than 4096 bytes");
      return Value(std::string(text));
  }
  return Bad("not a type of attribute");
}

bool IsExternalId(std::string_view text) {
  return !text.empty() && text.size() <= 256 && !HasControl(text);
}

}  // namespace recoup::graph
