// What a model sees of a node: which attributes, in which order, on which scale. Fitted once on
// training data, stored with the model, used alike in training and serving.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/schema/attribute.h"
#include "graph/schema/node_kind.h"
#include "graph/types/result.h"
#include "model/features/text_ngrams.h"

namespace recoup::model {

/// One number of a node, rank-normalised: the share of training values below it, stretched to
/// [-1, 1]; a second column is 1 where the value is missing (the first is then 0).
/// Dates enter as days before the as-of date, amounts in major units of one currency: an amount in
/// another currency counts as missing, because a wrong number is worse than none.
struct NumericFeature {
  std::string attribute;
  graph::AttributeType type = graph::AttributeType::kNumber;  // number, date or money
  /// Quantiles of the training values, none below the one before; at least one, at most 256. A
  /// value that several quantiles share stands in their middle.
  std::vector<double> knots;
  /// Of amounts: the most frequent one in training. Empty takes every currency at face value.
  std::string currency;

  /// Returns where `value` stands among the knots, in [-1, 1].
  /// REQUIRES: knots is not empty.
  double Scale(double value) const;

  bool operator==(const NumericFeature&) const = default;
};

/// One category of a node as an index: 0 missing, 1 unseen in training, 2 + i = vocabulary[i].
struct CategoryFeature {
  std::string attribute;
  std::vector<std::string> vocabulary;  // ascending, without duplicates; at most 256

  std::size_t size() const { return vocabulary.size() + 2; }
  bool operator==(const CategoryFeature&) const = default;
};

/// One text of a node as hashed n-grams (model/features/text_ngrams.h), a column a bucket. A text
/// that is missing is all 0, as an empty one.
struct TextFeature {
  std::string attribute;
  std::uint32_t buckets = kTextBuckets;  // 1 to 1024

  bool operator==(const TextFeature&) const = default;
};

/// Columns that every node of a kind has beside its attributes. They speak of outcomes of *other*
/// loans known strictly before the as-of date, never of the loan's own.
/// Loans: {outcome known, recovery rate minus 0.5, years since known / 10}; all 0 for the loan that
/// is being valued. Other kinds: over the newest 512 resolved peers of all relations to loans,
/// {log1p(count) / 8, shrunken mean minus 0.5, shrunken mean of one-year half-life minus 0.5,
/// years since the newest / 10}; the means are shrunk with 5 pseudo-peers at the prior.
/// Without peers the mean is the prior and the years are 0. A peer that hangs on the node by two
/// relations counts once. Years are of 365.25 days.
inline constexpr std::size_t kLoanOutcomeColumns = 3;
inline constexpr std::size_t kEntityOutcomeColumns = 4;

struct KindFeatures {
  graph::NodeKind kind = graph::NodeKind::kLoan;
  std::vector<NumericFeature> numeric;      // ascending by attribute
  std::vector<CategoryFeature> categories;  // ascending by attribute
  std::vector<TextFeature> texts = {};      // ascending by attribute

  /// Columns of a row: 2 per numeric feature, the buckets of the texts, then the outcome columns.
  std::size_t numeric_width() const;
  /// Where the outcome columns begin.
  std::size_t outcome_column() const;
  bool operator==(const KindFeatures&) const = default;
};

/// Every kind's features. Immutable once fitted.
/// Threads: share freely.
class FeatureSchema {
 public:
  /// No attributes; outcome columns only.
  FeatureSchema();
  /// `kinds` and their features in any order; kinds that are left out have no attributes but keep
  /// their outcome columns.
  FeatureSchema(std::vector<KindFeatures> kinds, double prior_recovery_rate);

  const KindFeatures& Of(graph::NodeKind kind) const;
  std::span<const KindFeatures> kinds() const { return kinds_; }  // all nine, ascending by kind
  /// Mean recovery rate of the training loans; stands in where nothing is known.
  double prior_recovery_rate() const { return prior_recovery_rate_; }

  /// Returns the canonical JSON that Parse reads; equal schemas give equal bytes. One without texts
  /// looks as it did before there were any.
  std::string ToJson() const;
  /// Errors: kInvalidArgument (not JSON, or not a schema; says where).
  static Result<FeatureSchema> Parse(std::string_view json);

  /// Returns the SHA-256 of ToJson() in lower-case hex.
  std::string Hash() const;

  bool operator==(const FeatureSchema&) const = default;

 private:
  std::vector<KindFeatures> kinds_;
  double prior_recovery_rate_ = 0.0;
};

}  // namespace recoup::model
