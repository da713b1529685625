#include "graph/types/money.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace recoup {
namespace {

struct CurrencyDecimals {
  std::string_view codes;
  int decimals;
};

// ISO 4217 list one, active codes for money (no metals, funds or test codes), by decimals.
constexpr std::array<CurrencyDecimals, 4> kCurrencies = {{
    {"BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ", 0},
    {"AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
     "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
     "GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD "
     "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP "
     "PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS "
     "TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWL ",
     2},
    {"BHD IQD JOD KWD LYD OMR TND ", 3},
    {"CLF UYW ", 4},
}};

std::optional<int> DecimalsOf(std::string_view code) {
  for (const CurrencyDecimals& group : kCurrencies) {
    for (std::size_t i = 0; i + 3 <= group.codes.size(); i += 4) {
      if (group.codes.substr(i, 3) == code) return group.decimals;
    }
  }
  return std::nullopt;
}

Error NotANumber(std::string_view text) {
  return {ErrorCode::kInvalidArgument,
          "an amount must be a decimal number such as 1234.50: " + std::string(text.substr(0, 40))};
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Returns the digits before the point without their separators, or nothing when a separator does
// not stand before groups of exactly three digits.
std::optional<std::string> WholeDigits(std::string_view whole) {
  const bool grouped = whole.find(',') != std::string_view::npos;
  std::string digits;
  std::size_t since_separator = 0;
  bool seen_separator = false;
  for (const char c : whole) {
    if (c == ',') {
      if (since_separator == 0 || since_separator > 3 || (seen_separator && since_separator != 3)) {
        return std::nullopt;
      }
      seen_separator = true;
      since_separator = 0;
    } else if (IsDigit(c)) {
      digits.push_back(c);
      ++since_separator;
    } else {
      return std::nullopt;
    }
  }
  if (grouped && since_separator != 3) return std::nullopt;
  return digits;
}

// True for what 1.500 is in a currency of fewer than three decimals: 1500 where points stand
// between thousands, and 1.50 where they do not. More digits or commas before the point, a leading
// zero, or another number of decimals leave no doubt.
bool LooksGrouped(std::string_view whole, std::string_view decimals, std::size_t allowed) {
  const bool is_group = !whole.empty() && whole.size() <= 3 && whole.front() != '0';
  return allowed < 3 && is_group && decimals.size() == 3 && decimals.back() == '0';
}

}  // namespace

Result<Currency> Currency::Parse(std::string_view code) {
  const std::optional<int> decimals = DecimalsOf(code);
  if (!decimals.has_value()) {
    return Error{ErrorCode::kInvalidArgument,
                 "not an active ISO 4217 currency code (three capital letters, such as EUR): " +
                     std::string(code.substr(0, 20))};
  }
  Currency currency;
  std::copy(code.begin(), code.end(), currency.code_.begin());
  currency.minor_digits_ = static_cast<std::int8_t>(*decimals);
  return currency;
}

Result<Money> Money::Parse(std::string_view text, Currency currency) {
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) rest.remove_prefix(1);
  const std::size_t point = rest.find('.');
  const std::optional<std::string> whole = WholeDigits(rest.substr(0, point));
  std::string decimals(point == std::string_view::npos ? std::string_view()
                                                       : rest.substr(point + 1));
  if (!whole.has_value() || (whole->empty() && decimals.empty()) ||
      !std::all_of(decimals.begin(), decimals.end(), IsDigit)) {
    return NotANumber(text);
  }
  const auto allowed = static_cast<std::size_t>(currency.minor_digits());
  if (LooksGrouped(rest.substr(0, point), decimals, allowed)) {
    return Error{ErrorCode::kInvalidArgument,
                 "an amount may have a point between thousands or three decimals; set "
                 "decimal_comma or remove the decimals: " +
                     std::string(text.substr(0, 40))};
  }
  while (decimals.size() > allowed && decimals.back() == '0') decimals.pop_back();
  if (decimals.size() > allowed) {
    return Error{ErrorCode::kInvalidArgument, "an amount has more decimals than its currency " +
                                                  std::string(currency.code()) +
                                                  " has: " + std::string(text.substr(0, 40))};
  }
  decimals.resize(allowed, '0');
  std::int64_t minor_units = 0;
  for (const char c : *whole + decimals) {
    if (__builtin_mul_overflow(minor_units, std::int64_t{10}, &minor_units) ||
        __builtin_add_overflow(minor_units, std::int64_t{c - '0'}, &minor_units)) {
      return Error{ErrorCode::kOutOfRange,
                   "an amount is too large: " + std::string(text.substr(0, 40))};
    }
  }
  return Money(negative ? -minor_units : minor_units, currency);
}

double Money::ToMajor() const {
  return static_cast<double>(minor_units_) / std::pow(10.0, currency_.minor_digits());
}

std::string Money::ToDecimal() const {
  const auto magnitude = minor_units_ < 0 ? 0 - static_cast<std::uint64_t>(minor_units_)
                                          : static_cast<std::uint64_t>(minor_units_);
  std::string digits = std::to_string(magnitude);
  const auto decimals = static_cast<std::size_t>(currency_.minor_digits());
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  if (decimals > 0) digits.insert(digits.size() - decimals, 1, '.');
  return minor_units_ < 0 ? "-" + digits : digits;
}

std::string Money::ToString() const { return ToDecimal() + " " + std::string(currency_.code()); }

Result<Money> Money::Plus(Money other) const {
  if (currency_ != other.currency_) {
    return Error{ErrorCode::kInvalidArgument, "amounts of different currencies cannot be added: " +
                                                  std::string(currency_.code()) + " and " +
                                                  std::string(other.currency_.code())};
  }
  std::int64_t sum = 0;
  if (__builtin_add_overflow(minor_units_, other.minor_units_, &sum)) {
    return Error{ErrorCode::kOutOfRange, "the sum of two amounts is too large"};
  }
  return Money(sum, currency_);
}

Result<Money> Money::Times(Rate share) const {
  // long double has 64 bits of mantissa here, so every int64 amount enters the product exactly.
  const long double product =
      static_cast<long double>(minor_units_) * static_cast<long double>(share.fraction());
  const long double rounded = std::nearbyint(product);
  using Limits = std::numeric_limits<std::int64_t>;
  if (!std::isfinite(rounded) || rounded > static_cast<long double>(Limits::max()) ||
      rounded < static_cast<long double>(Limits::min())) {
    return Error{ErrorCode::kOutOfRange, "a share of an amount is not a finite amount"};
  }
  return Money(static_cast<std::int64_t>(rounded), currency_);
}

}  // namespace recoup
