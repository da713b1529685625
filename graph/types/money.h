// Amounts of money as whole minor units of an ISO 4217 currency: exact, and never mixed.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "graph/types/rate.h"
#include "graph/types/result.h"

namespace recoup {

/// An ISO 4217 currency.
class Currency {
 public:
  /// The absent currency; prints as `XXX`, ISO 4217's own code for it.
  constexpr Currency() = default;

  /// Errors: kInvalidArgument (not an active ISO 4217 code; upper case is required).
  static Result<Currency> Parse(std::string_view code);

  /// Returns the three letters.
  std::string_view code() const { return {code_.data(), code_.size()}; }

  /// Returns ISO 4217's number of decimals: 2 for USD, 0 for JPY, 3 for KWD.
  int minor_digits() const { return minor_digits_; }

  constexpr auto operator<=>(const Currency&) const = default;

 private:
  std::array<char, 3> code_ = {'X', 'X', 'X'};
  std::int8_t minor_digits_ = 0;
};

/// An amount in one currency.
/// Unit: minor units (cents for USD).
class Money {
 public:
  constexpr Money() = default;
  constexpr Money(std::int64_t minor_units, Currency currency)
      : minor_units_(minor_units), currency_(currency) {}

  /// Reads a decimal number in major units, such as `1234.5`, `-3` or `1,234.50`.
  /// Errors: kInvalidArgument (not a number, or more decimals than the currency has),
  /// kOutOfRange (does not fit).
  static Result<Money> Parse(std::string_view text, Currency currency);

  constexpr std::int64_t minor_units() const { return minor_units_; }
  constexpr Currency currency() const { return currency_; }

  /// Unit: major units; for statistics only, not for arithmetic on amounts.
  double ToMajor() const;

  /// Returns the decimal number without its currency: `1234.50`.
  std::string ToDecimal() const;

  /// Returns number and code: `1234.50 USD`.
  std::string ToString() const;

  /// Returns the sum. Errors: kInvalidArgument (currencies differ), kOutOfRange (overflow).
  Result<Money> Plus(Money other) const;

  /// Returns this share of the amount, rounded half to even to a minor unit.
  /// Errors: kOutOfRange (not finite or overflow).
  Result<Money> Times(Rate share) const;

  constexpr bool operator==(const Money&) const = default;

 private:
  std::int64_t minor_units_ = 0;
  Currency currency_;
};

}  // namespace recoup
