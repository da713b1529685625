// What a node or an edge says of itself: typed values under well-known or extension names.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "graph/schema/edge_kind.h"
#include "graph/schema/node_kind.h"
#include "graph/types/date.h"
#include "graph/types/money.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// Part of the stored format and of the wire; never renumber.
enum class AttributeType : std::uint8_t {
  kNumber = 1,
  kCategory = 2,  // one word of a small set; may become a feature
  kText = 3,      // free text; a feature only where it is declared one
  kDate = 4,
  kMoney = 5,
};

/// Part of the stored format and of the wire; never renumber.
enum class AttributeRole : std::uint8_t {
  kFeature = 1,    // the encoder may use it
  kForbidden = 2,  // stored and shown, never an input of a model (it betrays the outcome)
  kLabel = 3,      // a name or key for people; never an input of a model
  kGroup = 4,      // names a group of loans that share a fate; peers speak through it, no feature
};

/// A word of a category. A type of its own, so that it is not mistaken for free text.
struct Category {
  std::string word;
  auto operator<=>(const Category&) const = default;
};

/// Alternatives stand in the order of AttributeType.
using AttributeValue = std::variant<double, Category, std::string, Date, Money>;

constexpr AttributeType TypeOf(const AttributeValue& value) {
  return static_cast<AttributeType>(value.index() + 1);
}

std::string_view AttributeTypeName(AttributeType type);
/// Errors: kInvalidArgument (unknown name; the message lists the known ones).
Result<AttributeType> ParseAttributeType(std::string_view name);

/// Returns the value as text: shortest round-trip number, ISO date, `1234.50 USD`.
std::string ToString(const AttributeValue& value);

/// What carries an attribute: a node kind or an edge kind.
using AttributeOwner = std::variant<NodeKind, EdgeKind>;

/// `loan`, `secures`, ...
std::string_view OwnerName(const AttributeOwner& owner);

/// Numbers an attribute within one store. Below 1000: well-known, the same in every store, part of
/// the stored format, never renumber. From 1000 on: extension, numbered by the store.
using AttributeId = std::uint16_t;
inline constexpr AttributeId kFirstExtensionAttribute = 1000;

/// Says what an attribute is. Names are lower_snake_case, at most 64 characters.
struct AttributeDefinition {
  AttributeId id = 0;
  AttributeOwner owner = NodeKind::kLoan;
  std::string name;
  AttributeType type = AttributeType::kNumber;
  AttributeRole role = AttributeRole::kFeature;

  bool operator==(const AttributeDefinition&) const = default;
};

/// Returns the attributes that every store knows, ascending by id.
std::span<const AttributeDefinition> WellKnownAttributes();

/// Returns the well-known attribute of this owner and name, if there is one.
std::optional<AttributeDefinition> FindWellKnownAttribute(const AttributeOwner& owner,
                                                          std::string_view name);

/// Well-known attributes that code refers to. Part of the stored format; never renumber.
namespace attribute {
inline constexpr AttributeId kLoanBalance = 1;                // money: what is owed (legal claim)
inline constexpr AttributeId kLoanOriginalAmount = 2;         // money
inline constexpr AttributeId kLoanOriginationDate = 3;        // date
inline constexpr AttributeId kLoanDefaultDate = 4;            // date: non-performing from then on
inline constexpr AttributeId kLoanMaturityDate = 5;           // date
inline constexpr AttributeId kLoanInterestRate = 6;           // number, fraction a year
inline constexpr AttributeId kLoanClass = 7;                  // category: asset or risk class
inline constexpr AttributeId kLoanExposureAtDefault = 8;      // money: base of the recovery rate
inline constexpr AttributeId kLoanExpectedRecovery = 9;       // number: the residual ledger
inline constexpr AttributeId kLoanExpectedBy = 10;            // text: which model expected it
inline constexpr AttributeId kLoanForecastRecovery = 11;      // number: the whole model's mean
inline constexpr AttributeId kLoanForecastLow = 12;           // number: its 10 % quantile
inline constexpr AttributeId kLoanForecastHigh = 13;          // number: its 90 % quantile
inline constexpr AttributeId kPartyType = 100;                // category: corporate, retail, bank
inline constexpr AttributeId kPartyNetAssets = 101;           // money
inline constexpr AttributeId kPartyEmployees = 102;           // number
inline constexpr AttributeId kPartyAnnualIncome = 103;        // money
inline constexpr AttributeId kPartyName = 104;                // text
inline constexpr AttributeId kCollateralType = 200;           // category
inline constexpr AttributeId kCollateralAppraisal = 201;      // money
inline constexpr AttributeId kCollateralAppraisalDate = 202;  // date
inline constexpr AttributeId kProceedingType = 300;           // category
inline constexpr AttributeId kProceedingStage = 301;          // category
inline constexpr AttributeId kProceedingFiledDate = 302;      // date
inline constexpr AttributeId kCourtLevel = 400;               // category
inline constexpr AttributeId kRegionName = 500;               // text
inline constexpr AttributeId kIndustryName = 600;             // text
inline constexpr AttributeId kProductName = 700;              // text
inline constexpr AttributeId kPortfolioName = 800;            // text
inline constexpr AttributeId kGuaranteesAmount = 900;         // money: cap of the guarantee
inline constexpr AttributeId kSecuresLienRank = 910;          // number, 1 is first
inline constexpr AttributeId kSecuresRegisteredAmount = 911;  // money
inline constexpr AttributeId kOwnsShare = 920;                // number, fraction
inline constexpr AttributeId kPaysAmount = 930;               // money
}  // namespace attribute

}  // namespace recoup::graph
