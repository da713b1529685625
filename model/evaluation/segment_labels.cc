#include "model/evaluation/segment_labels.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <variant>

#include "model/features/by_day.h"

namespace recoup::model {
namespace {

using graph::NodeRecord;

constexpr const char* kMissing = "(missing)";

/// In order of preference; the recovery rate is a share of the first.
constexpr std::array kExposures = {graph::attribute::kLoanExposureAtDefault,
                                   graph::attribute::kLoanBalance,
                                   graph::attribute::kLoanOriginalAmount};

Result<std::vector<graph::AttributeId>> IdsOf(const graph::GraphStore& store,
                                              std::span<const std::string> attributes) {
  const auto known = store.ViewAsOf(Date::Max())->Attributes();
  std::vector<graph::AttributeId> ids;
  for (const std::string& name : attributes) {
    const auto found = std::find_if(known.begin(), known.end(), [&](const auto& definition) {
      return definition.owner == graph::AttributeOwner(graph::NodeKind::kLoan) &&
             definition.name == name && definition.type == graph::AttributeType::kCategory;
    });
    if (found == known.end()) {
      return Error{ErrorCode::kInvalidArgument, "no category of the loans has this name: " + name};
    }
    ids.push_back(found->id);
  }
  return ids;
}

std::string WordOf(const NodeRecord& loan, graph::AttributeId id) {
  const graph::AttributeValue* value = loan.Find(id);
  const auto* word = value == nullptr ? nullptr : std::get_if<graph::Category>(value);
  return word == nullptr || word->word.empty() ? kMissing : word->word;
}

std::string DefaultYearOf(const NodeRecord& loan) {
  const graph::AttributeValue* value = loan.Find(graph::attribute::kLoanDefaultDate);
  const auto* day = value == nullptr ? nullptr : std::get_if<Date>(value);
  return day == nullptr ? kMissing : std::to_string(day->year());
}

std::optional<Money> ExposureOf(const NodeRecord& loan) {
  for (const graph::AttributeId id : kExposures) {
    const graph::AttributeValue* value = loan.Find(id);
    const auto* amount = value == nullptr ? nullptr : std::get_if<Money>(value);
    if (amount != nullptr) return *amount;
  }
  return std::nullopt;
}

Currency MostFrequentCurrency(std::span<const std::optional<Money>> amounts) {
  std::map<Currency, std::size_t> counts;
  for (const auto& amount : amounts) {
    if (amount) ++counts[amount->currency()];
  }
  const auto most =
      std::max_element(counts.begin(), counts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? Currency() : most->first;
}

/// Equal amounts stay in one third.
SegmentLabels ThirdsOf(std::span<const std::optional<Money>> amounts) {
  const Currency currency = MostFrequentCurrency(amounts);
  std::vector<std::int64_t> sorted;
  for (const auto& amount : amounts) {
    if (amount && amount->currency() == currency) sorted.push_back(amount->minor_units());
  }
  std::sort(sorted.begin(), sorted.end());
  SegmentLabels labels{"size", {}};
  for (const auto& amount : amounts) {
    if (!amount) {
      labels.of_loan.emplace_back(kMissing);
    } else if (amount->currency() != currency) {
      labels.of_loan.emplace_back("(another currency)");
    } else if (amount->minor_units() < sorted[sorted.size() / 3]) {
      labels.of_loan.emplace_back("smallest third");
    } else if (amount->minor_units() < sorted[sorted.size() * 2 / 3]) {
      labels.of_loan.emplace_back("middle third");
    } else {
      labels.of_loan.emplace_back("largest third");
    }
  }
  return labels;
}

}  // namespace

Result<std::vector<SegmentLabels>> LabelSegments(const graph::GraphStore& store,
                                                 std::span<const Example> loans,
                                                 std::span<const std::string> attributes) {
  RECOUP_ASSIGN(const std::vector<graph::AttributeId> ids, IdsOf(store, attributes));
  std::vector<SegmentLabels> all;
  for (const std::string& name : attributes) {
    all.push_back({name, std::vector<std::string>(loans.size())});
  }
  std::vector<std::optional<Money>> exposures(loans.size());
  SegmentLabels defaulted{"default year", std::vector<std::string>(loans.size())};
  SegmentLabels valued{"valuation year", std::vector<std::string>(loans.size())};
  DayViews views(store);
  for (const std::uint32_t i : PositionsByDay(loans)) {
    RECOUP_ASSIGN(const NodeRecord loan, views.On(loans[i].as_of).Node(loans[i].loan));
    for (std::size_t a = 0; a < ids.size(); ++a) all[a].of_loan[i] = WordOf(loan, ids[a]);
    exposures[i] = ExposureOf(loan);
    defaulted.of_loan[i] = DefaultYearOf(loan);
    valued.of_loan[i] = std::to_string(loans[i].as_of.year());
  }
  all.push_back(ThirdsOf(exposures));
  if (defaulted.of_loan != valued.of_loan) all.push_back(std::move(defaulted));
  all.push_back(std::move(valued));
  return all;
}

std::vector<std::string> CategoriesToDivideBy(const FeatureSchema& schema, std::size_t most_words) {
  std::vector<std::string> names;
  for (const KindFeatures& kind : schema.kinds()) {
    if (kind.kind != graph::NodeKind::kLoan) continue;
    for (const CategoryFeature& feature : kind.categories) {
      if (feature.vocabulary.size() <= most_words) names.push_back(feature.attribute);
    }
  }
  return names;
}

}  // namespace recoup::model
