#include "model/features/feature_fitter.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <utility>
#include <vector>

namespace recoup::model {
namespace {

using graph::AttributeDefinition;
using graph::AttributeRole;
using graph::AttributeType;
using graph::Category;
using graph::NodeKind;
using graph::NodeRecord;

const std::vector<AttributeDefinition> kAttributes = {
    {1, NodeKind::kLoan, "amount", AttributeType::kMoney, AttributeRole::kFeature},
    {2, NodeKind::kLoan, "word", AttributeType::kCategory, AttributeRole::kFeature},
    {3, NodeKind::kParty, "score", AttributeType::kNumber, AttributeRole::kFeature},
    {4, NodeKind::kParty, "note", AttributeType::kText, AttributeRole::kFeature},
    {5, graph::EdgeKind::kOwns, "share", AttributeType::kNumber, AttributeRole::kFeature}};

void Add(FeatureFitter* fitter, std::vector<graph::StoredAttribute> attributes) {
  NodeRecord record;
  record.attributes = std::move(attributes);
  fitter->Add(record, Date(0));
}

Money Amount(std::int64_t minor_units, const char* currency) {
  return Money(minor_units, Currency::Parse(currency).value());
}

TEST_CASE("Of equally frequent currencies the first by code is kept") {
  FeatureFitter fitter(kAttributes);
  for (int i = 0; i < 3; ++i) {
    Add(&fitter, {{1, Amount(i, "USD")}});
    Add(&fitter, {{1, Amount(10 * i, "JPY")}});
  }
  const auto kinds = fitter.Fit(1);
  REQUIRE(kinds[0].numeric.size() == 1);
  CHECK(kinds[0].numeric[0].currency == "JPY");
  CHECK(kinds[0].numeric[0].knots == std::vector<double>{0.0, 10.0, 20.0});
}

TEST_CASE("Of too many words the 256 most frequent are kept, in alphabetical order") {
  FeatureFitter fitter(kAttributes);
  for (int i = 0; i < 300; ++i) {
    const std::string word = "w" + std::to_string(1000 + i);
    for (int k = 0; k < (i < 250 ? 1 : 2); ++k) Add(&fitter, {{2, Category{word}}});
  }
  const auto kinds = fitter.Fit(1);
  REQUIRE(kinds[0].categories.size() == 1);
  const std::vector<std::string>& words = kinds[0].categories[0].vocabulary;
  REQUIRE(words.size() == 256);
  CHECK(words.front() == "w1000");
  CHECK(words[205] == "w1205");  // 206 of the rare ones, then the 50 frequent ones
  CHECK(words[206] == "w1250");
  CHECK(words.back() == "w1299");
}

TEST_CASE("Attributes of edges and values of another type are passed over") {
  FeatureFitter fitter(kAttributes);
  Add(&fitter, {{3, Category{"five"}}, {4, Category{"text"}}, {5, 0.5}, {9, 1.0}});
  Add(&fitter, {{3, Category{"six"}}, {5, 0.6}});
  const std::vector<KindFeatures> kinds = fitter.Fit(1);
  for (const KindFeatures& features : kinds) {
    CHECK(features.numeric.empty());
    CHECK(features.categories.empty());
    CHECK(features.texts.empty());
  }
}

TEST_CASE("A text is kept if it was said often enough; an empty one says nothing") {
  const auto texts = [](std::uint32_t min_count) {
    FeatureFitter fitter(kAttributes);
    Add(&fitter, {{4, std::string("sold the house")}});
    Add(&fitter, {{4, std::string("bankrupt")}});
    Add(&fitter, {{4, std::string()}});
    return fitter.Fit(min_count)[static_cast<std::size_t>(NodeKind::kParty) - 1].texts;
  };
  CHECK(texts(2) == std::vector<TextFeature>{{"note", kTextBuckets}});
  CHECK(texts(3).empty());
  FeatureFitter silent(kAttributes);
  Add(&silent, {{4, std::string()}});
  for (const KindFeatures& features : silent.Fit(0)) CHECK(features.texts.empty());
}

}  // namespace
}  // namespace recoup::model
