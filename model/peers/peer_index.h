// The resolved loans of a book, ready to be asked what they say of another loan as of a day.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "graph/types/date.h"
#include "model/peers/loan_book.h"
#include "model/peers/nearest_loans.h"
#include "model/peers/peer_history.h"
#include "model/peers/peer_slots.h"

namespace recoup::model {

/// A loan that asks: its groups, its day, and where it stands in the book, if it does.
struct PeerQuestion {
  static constexpr std::uint32_t kNotInBook = ~std::uint32_t{0};

  std::span<const GroupCatalog::Member> members;
  Date as_of;
  std::uint32_t loan = kNotInBook;  // never its own peer
};

/// Per relation, over all peers through it. `outcome_columns` speak of how outcomes lay against the
/// level of their own time, `residual_columns` against what was expected of each loan.
/// Means are shrunk by 5 pseudo-peers at 0; a relation that the loan does not have is NaN.
inline constexpr std::size_t kOutcomeColumnsPerRelation = 5;
inline constexpr std::size_t kResidualColumnsPerRelation = 2;

/// Threads: share freely once made. Lifetime: must not outlive the book.
class PeerIndex {
 public:
  /// `expected` has what was expected of each loan of the book, NaN where nothing was. Loans
  /// flagged in `silent` speak for nobody, and are not in the level of their time; empty: none.
  PeerIndex(const LoanBook& book, std::vector<float> expected,
            const std::vector<char>& silent = {});

  const LoanBook& book() const { return *book_; }
  std::span<const float> expected() const { return expected_; }
  /// Outcome minus expectation; NaN without one.
  float ResidualOf(std::size_t loan) const;

  /// Writes one row for the relations named by number.
  /// Shape: outcome[relations.size() * 5], residual[relations.size() * 2].
  void Aggregate(const PeerQuestion& question, std::span<const std::uint32_t> relations,
                 float* outcome, float* residual) const;

  /// Returns true if any of `relations` leads to a resolved loan.
  bool HasHistory(const PeerQuestion& question, std::span<const std::uint32_t> relations) const;

  /// Appends the slots of one loan: per relation the newest half of `slots` peers with a residual,
  /// and as many spread over the newest 512.
  void Sample(const PeerQuestion& question, std::span<const std::uint32_t> relations,
              PeerSlots* slots) const;

 private:
  PeerHistories HistoriesOf(const std::vector<char>& silent) const;

  const LoanBook* book_;
  std::vector<float> expected_;
  PeerHistories histories_;
};

/// Means over the nearest loans (nearest_loans.h): outcomes of the first 16 and of all up to 64,
/// then residuals of the same; NaN with fewer than 16.
std::array<float, kNearestColumns> NearestMeans(const PeerIndex& index,
                                                std::span<const std::uint32_t> nearest);

/// Names of the columns of one relation, such as `out.originated_by.party.residual_mean`.
std::vector<std::string> OutcomeColumnNames(const std::string& relation);
std::vector<std::string> ResidualColumnNames(const std::string& relation);

}  // namespace recoup::model
