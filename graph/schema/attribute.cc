#include "graph/schema/attribute.h"

#include <array>
#include <charconv>
#include <vector>

namespace recoup::graph {
namespace {

using enum AttributeType;
using enum AttributeRole;

std::vector<AttributeDefinition> MakeWellKnown() {
  using namespace attribute;  // NOLINT(google-build-using-namespace): the ids, in this table only.
  constexpr auto kLoan = NodeKind::kLoan;
  constexpr auto kParty = NodeKind::kParty;
  constexpr auto kCollateral = NodeKind::kCollateral;
  constexpr auto kProceeding = NodeKind::kProceeding;
  return {
      {kLoanBalance, kLoan, "balance", kMoney, kFeature},
      {kLoanOriginalAmount, kLoan, "original_amount", kMoney, kFeature},
      {kLoanOriginationDate, kLoan, "origination_date", kDate, kFeature},
      {kLoanDefaultDate, kLoan, "default_date", kDate, kFeature},
      {kLoanMaturityDate, kLoan, "maturity_date", kDate, kFeature},
      {kLoanInterestRate, kLoan, "interest_rate", kNumber, kFeature},
      {kLoanClass, kLoan, "asset_class", kCategory, kFeature},
      {kLoanExposureAtDefault, kLoan, "exposure_at_default", kMoney, kFeature},
      {kLoanExpectedRecovery, kLoan, "expected_recovery", kNumber, kLabel},
      {kLoanExpectedBy, kLoan, "expected_by", kText, kLabel},
      {kLoanForecastRecovery, kLoan, "forecast_recovery", kNumber, kLabel},
      {kLoanForecastLow, kLoan, "forecast_low", kNumber, kLabel},
      {kLoanForecastHigh, kLoan, "forecast_high", kNumber, kLabel},
      {kPartyType, kParty, "party_type", kCategory, kFeature},
      {kPartyNetAssets, kParty, "net_assets", kMoney, kFeature},
      {kPartyEmployees, kParty, "employees", kNumber, kFeature},
      {kPartyAnnualIncome, kParty, "annual_income", kMoney, kFeature},
      {kPartyName, kParty, "name", kText, kLabel},
      {kCollateralType, kCollateral, "collateral_type", kCategory, kFeature},
      {kCollateralAppraisal, kCollateral, "appraisal_value", kMoney, kFeature},
      {kCollateralAppraisalDate, kCollateral, "appraisal_date", kDate, kFeature},
      {kProceedingType, kProceeding, "proceeding_type", kCategory, kFeature},
      {kProceedingStage, kProceeding, "stage", kCategory, kFeature},
      {kProceedingFiledDate, kProceeding, "filed_date", kDate, kFeature},
      {kCourtLevel, NodeKind::kCourt, "court_level", kCategory, kFeature},
      {kRegionName, NodeKind::kRegion, "name", kText, kLabel},
      {kIndustryName, NodeKind::kIndustry, "name", kText, kLabel},
      {kProductName, NodeKind::kProduct, "name", kText, kLabel},
      {kPortfolioName, NodeKind::kPortfolio, "name", kText, kLabel},
      {kGuaranteesAmount, EdgeKind::kGuarantees, "amount", kMoney, kFeature},
      {kSecuresLienRank, EdgeKind::kSecures, "lien_rank", kNumber, kFeature},
      {kSecuresRegisteredAmount, EdgeKind::kSecures, "registered_amount", kMoney, kFeature},
      {kOwnsShare, EdgeKind::kOwns, "share", kNumber, kFeature},
      {kPaysAmount, EdgeKind::kPays, "amount", kMoney, kFeature},
  };
}

const std::vector<AttributeDefinition>& WellKnown() {
  static const std::vector<AttributeDefinition> definitions = MakeWellKnown();
  return definitions;
}

constexpr std::array<std::string_view, 5> kTypeNames = {"number", "category", "text", "date",
                                                        "money"};

std::string NumberText(double number) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return error == std::errc() ? std::string(buffer.data(), end) : std::string();
}

struct ValueText {
  std::string operator()(double number) const { return NumberText(number); }
  std::string operator()(const Category& category) const { return category.word; }
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(Date date) const { return date.ToString(); }
  std::string operator()(const Money& money) const { return money.ToString(); }
};

}  // namespace

std::string_view AttributeTypeName(AttributeType type) {
  const auto number = static_cast<std::size_t>(type);
  return number >= 1 && number <= kTypeNames.size() ? kTypeNames[number - 1] : "unknown";
}

Result<AttributeType> ParseAttributeType(std::string_view name) {
  std::string known;
  for (std::size_t i = 0; i < kTypeNames.size(); ++i) {
    if (kTypeNames[i] == name) return static_cast<AttributeType>(i + 1);
    if (!known.empty()) known += ", ";
    known += kTypeNames[i];
  }
  return Error{ErrorCode::kInvalidArgument, "unknown attribute type; known are " + known + ": " +
                                                std::string(name.substr(0, 64))};
}

std::string ToString(const AttributeValue& value) { return std::visit(ValueText(), value); }

std::string_view OwnerName(const AttributeOwner& owner) {
  if (const auto* node = std::get_if<NodeKind>(&owner)) return NodeKindName(*node);
  return EdgeKindName(*std::get_if<EdgeKind>(&owner));
}

std::span<const AttributeDefinition> WellKnownAttributes() { return WellKnown(); }

std::optional<AttributeDefinition> FindWellKnownAttribute(const AttributeOwner& owner,
                                                          std::string_view name) {
  for (const AttributeDefinition& definition : WellKnown()) {
    if (definition.owner == owner && definition.name == name) return definition;
  }
  return std::nullopt;
}

}  // namespace recoup::graph
