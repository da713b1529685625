#include "model/features/feature_schema.h"

#include <openssl/evp.h>

#include <algorithm>
#include <utility>

namespace recoup::model {
namespace {

template <typename Feature>
void SortByAttribute(std::vector<Feature>* features) {
  std::sort(features->begin(), features->end(),
            [](const Feature& a, const Feature& b) { return a.attribute < b.attribute; });
}

}  // namespace

double NumericFeature::Scale(double value) const {
  const auto above = std::upper_bound(knots.begin(), knots.end(), value);
  if (above == knots.begin()) return -1.0;
  const auto at = std::lower_bound(knots.begin(), above, value);
  double position = 0.0;  // in steps between knots
  if (at != above) {
    // The value equals the knots [at, above): it stands in their middle.
    position = 0.5 * static_cast<double>((at - knots.begin()) + (above - knots.begin() - 1));
  } else if (above == knots.end()) {
    return 1.0;
  } else {
    const double below = *(above - 1);
    position = static_cast<double>(above - 1 - knots.begin()) + (value - below) / (*above - below);
  }
  const auto steps = static_cast<double>(knots.size() - 1);
  return steps == 0.0 ? 0.0 : 2.0 * position / steps - 1.0;
}

std::size_t KindFeatures::numeric_width() const {
  const std::size_t outcome_columns =
      kind == graph::NodeKind::kLoan ? kLoanOutcomeColumns : kEntityOutcomeColumns;
  return 2 * numeric.size() + outcome_columns;
}

FeatureSchema::FeatureSchema() : FeatureSchema({}, 0.0) {}

FeatureSchema::FeatureSchema(std::vector<KindFeatures> kinds, double prior_recovery_rate)
    : prior_recovery_rate_(prior_recovery_rate) {
  kinds_.resize(graph::kAllNodeKinds.size());
  for (std::size_t i = 0; i < kinds_.size(); ++i) kinds_[i].kind = graph::kAllNodeKinds[i];
  for (KindFeatures& given : kinds) {
    SortByAttribute(&given.numeric);
    SortByAttribute(&given.categories);
    kinds_[static_cast<std::size_t>(given.kind) - 1] = std::move(given);
  }
}

const KindFeatures& FeatureSchema::Of(graph::NodeKind kind) const {
  const std::size_t position = static_cast<std::size_t>(kind) - 1;
  RECOUP_CHECK(position < kinds_.size());
  return kinds_[position];
}

std::string FeatureSchema::Hash() const {
  const std::string json = ToJson();
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  RECOUP_CHECK(EVP_Digest(json.data(), json.size(), digest, &length, EVP_sha256(), nullptr) == 1);
  std::string hex;
  hex.reserve(2 * std::size_t{length});
  for (unsigned int i = 0; i < length; ++i) {
    hex.push_back("0123456789abcdef"[digest[i] >> 4]);
    hex.push_back("0123456789abcdef"[digest[i] & 15]);
  }
  return hex;
}

}  // namespace recoup::model
