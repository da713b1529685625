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

// Returns how many knots lie below `value`. Without branches to mispredict: most of the encoder's
// time goes here.
std::size_t CountBelow(const std::vector<double>& knots, double value) {
  const double* base = knots.data();
  std::size_t length = knots.size();
  while (length > 1) {
    const std::size_t half = length / 2;
    base += base[half - 1] < value ? half : 0;
    length -= half;
  }
  const auto before = static_cast<std::size_t>(base - knots.data());
  return before + (*base < value ? 1 : 0);
}

}  // namespace

double NumericFeature::Scale(double value) const {
  const std::size_t size = knots.size();
  const std::size_t below = CountBelow(knots, value);
  if (below == size) return 1.0;
  if (size == 1) return knots[0] == value ? 0.0 : -1.0;
  const auto steps = static_cast<double>(size - 1);
  if (knots[below] == value) {
    // The value equals the knots [below, end): it stands in their middle.
    std::size_t end = below + 1;
    if (end < size && knots[end] == value) {
      end = static_cast<std::size_t>(
          std::upper_bound(knots.begin() + static_cast<std::ptrdiff_t>(end), knots.end(), value) -
          knots.begin());
    }
    return static_cast<double>(below + end - 1) / steps - 1.0;
  }
  if (below == 0) return -1.0;
  const double lower = knots[below - 1];
  const double position = static_cast<double>(below - 1) + (value - lower) / (knots[below] - lower);
  return 2.0 * position / steps - 1.0;
}

std::size_t KindFeatures::outcome_column() const {
  std::size_t columns = 2 * numeric.size();
  for (const TextFeature& text : texts) columns += text.buckets;
  return columns;
}

std::size_t KindFeatures::numeric_width() const {
  const std::size_t outcome_columns =
      kind == graph::NodeKind::kLoan ? kLoanOutcomeColumns : kEntityOutcomeColumns;
  return outcome_column() + outcome_columns;
}

FeatureSchema::FeatureSchema() : FeatureSchema({}, 0.0) {}

FeatureSchema::FeatureSchema(std::vector<KindFeatures> kinds, double prior_recovery_rate)
    : prior_recovery_rate_(prior_recovery_rate) {
  kinds_.resize(graph::kAllNodeKinds.size());
  for (std::size_t i = 0; i < kinds_.size(); ++i) kinds_[i].kind = graph::kAllNodeKinds[i];
  for (KindFeatures& given : kinds) {
    SortByAttribute(&given.numeric);
    SortByAttribute(&given.categories);
    SortByAttribute(&given.texts);
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
