// All resolved loans of a store in one place, each as it stood on the day it was valued: what
// learning walks through and what serving looks peers up in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "graph/schema/attribute.h"
#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/features/encoder.h"
#include "model/features/feature_schema.h"
#include "model/features/tabular.h"
#include "model/peers/ledger_entry.h"
#include "model/peers/loan_ties.h"
#include "model/peers/peer_slots.h"

namespace recoup::model {

/// Loans in the order in which their outcomes became known, so that what is known before a day is
/// a prefix. Every loan is shown as of its own valuation date: nothing learnt later is in it.
/// Threads: share freely once read.
struct LoanBook {
  std::vector<Example> examples;           // ascending by (outcome_known_at, loan)
  std::vector<graph::NodeRecord> records;  // as of examples[i].as_of
  GroupCatalog catalog;
  std::vector<std::uint32_t> member_ends;  // [loans + 1] into members
  std::vector<GroupCatalog::Member> members;
  /// What was expected of the loan before its outcome was known, as the store's ledger has it; NaN
  /// where it has nothing.
  std::vector<float> expected;
  /// What a whole model had forecast of it, where the ledger says.
  std::vector<std::optional<LedgerForecast>> forecasts;
  /// Loans that were removed before their outcome was known. The ledger says nothing of them: an
  /// entry would bring the loan back.
  std::vector<char> is_gone;
  std::vector<graph::AttributeDefinition> attributes;
  std::size_t known_at_once = 0;  // see CollectedExamples
  std::size_t not_shown = 0;

  std::size_t size() const { return examples.size(); }
  std::span<const GroupCatalog::Member> MembersOf(std::size_t loan) const {
    return std::span(members).subspan(member_ends[loan], member_ends[loan + 1] - member_ends[loan]);
  }
  /// Returns how many outcomes were known strictly before `day`.
  std::size_t KnownBefore(Date day) const;
};

using BookProgress = std::function<void(std::size_t done, std::size_t total)>;

/// Errors: kDataLoss.
Result<LoanBook> ReadLoanBook(const graph::GraphStore& store, const ExampleOptions& options = {},
                              const BookProgress& progress = {});

/// Fits the loans' own features on these loans of the book; other kinds stay empty. As
/// FitFeatureSchema, for models that look at the loan alone.
/// REQUIRES: `loans` is not empty.
FeatureSchema FitLoanFeatures(const LoanBook& book, std::span<const std::uint32_t> loans,
                              const FitOptions& options);

/// Loans as numbers, in the two forms that models take.
struct EncodedLoans {
  /// One-hot, missing values NaN: for trees and linear models (tabular.h).
  Table table;
  /// As the networks see the loan: value and missing flag, words as numbers.
  std::vector<float> numeric;            // [loans * numeric_width]
  std::vector<std::int32_t> categories;  // [loans * category count]
  std::size_t numeric_width = 0;         // without the outcome columns
};

/// Shape: one row a loan of `loans`, in order.
EncodedLoans EncodeLoans(const LoanBook& book, const FeatureSchema& schema,
                         std::span<const std::uint32_t> loans);

/// The networks' half of encoded loans. Of nothing encoded: no rows, of the right widths.
LoanRows RowsOf(EncodedLoans encoded, const KindFeatures& loan);

}  // namespace recoup::model
