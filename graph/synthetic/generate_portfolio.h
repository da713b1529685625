// Writes a portfolio of non-performing loans that looks like a real tape, with a known truth beside
// it: for demos, tests and measurements of what a model can learn.
#pragma once

#include <cstdint>
#include <filesystem>

#include "graph/types/date.h"
#include "graph/types/money.h"
#include "graph/types/result.h"

namespace recoup::graph {

struct GenerateOptions {
  /// 1 to 10,000,000.
  std::uint64_t loans = 20'000;
  std::uint64_t seed = 1;
  /// The last day of the tape: outcomes after it are not in it. Default: 2025-12-31.
  Date as_of{20'453};
  /// How much of the mechanism that lies around a loan takes effect, 0 to 1; at 0 recovery is
  /// decided by the loan's own columns and chance, and nothing can be learnt from its neighbours.
  double neighbour_effects = 1.0;
  /// Of all amounts; XXX means CNY. Amounts are believable as CNY and not converted.
  Currency currency{};
};

/// What was written. Shares and R2 are over all loans, also those without an outcome yet.
struct GenerateReport {
  std::uint64_t loans = 0;
  std::uint64_t resolved = 0;
  std::uint64_t parties = 0;
  std::uint64_t guarantees = 0;
  std::uint64_t collateral = 0;
  std::uint64_t liens = 0;
  std::uint64_t proceedings = 0;
  std::uint64_t repayments = 0;
  std::uint64_t courts = 0;
  std::uint64_t lenders = 0;
  std::uint64_t regions = 0;
  double mean_recovery_rate = 0.0;
  double share_at_zero = 0.0;
  double share_at_one = 0.0;
  /// Squared correlation of the recovery rate with the part of the mechanism that can be read off
  /// the loan's own columns, and share of its variance that the whole mechanism explains.
  double own_r2 = 0.0;
  double mechanism_r2 = 0.0;

  bool operator==(const GenerateReport&) const = default;
};

/// Writes `out`/tape (CSV tables and mapping.toml, what a user would have) and `out`/truth (the
/// true expected recovery of every loan and how it came about; never an input of a model). The same
/// options give the same bytes on every machine.
/// Memory: bounded, whatever the number of loans.
/// Errors: kInvalidArgument (loans or neighbour_effects out of range), kAlreadyExists (`out` has a
/// tape or a truth), kUnavailable (the disk failed).
Result<GenerateReport> GeneratePortfolio(const GenerateOptions& options,
                                         const std::filesystem::path& out);

}  // namespace recoup::graph
