// Writes what the tape keeps silent: how much of each loan is truly expected back, and why.
#pragma once

#include <cstdint>
#include <filesystem>

#include "graph/synthetic/csv_table.h"
#include "graph/synthetic/generate_portfolio.h"
#include "graph/synthetic/group.h"
#include "graph/synthetic/mechanism.h"
#include "graph/synthetic/world.h"

namespace recoup::graph::synthetic {

/// Threads: use from one thread.
class TruthWriter {
 public:
  /// REQUIRES: `folder` exists. Errors: kUnavailable.
  static Result<TruthWriter> Create(const std::filesystem::path& folder);

  /// Appends one loan, resolved or not.
  void Write(std::uint64_t loan_number, GuaranteePattern pattern, const Components& components,
             const Outcome& outcome, Date as_of);

  /// Fills the shares and R2 of `report`, which has the counts already, and writes mechanism.json.
  /// Errors: kUnavailable.
  Result<void> Finish(const GenerateOptions& options, const World& world, GenerateReport* report);

 private:
  // Sums over loans, for the variances; y is the recovery rate, x the own component.
  struct Moments {
    double count = 0, y = 0, yy = 0, x = 0, xx = 0, xy = 0, error_squared = 0, zero = 0, one = 0;
  };

  TruthWriter(std::filesystem::path folder, CsvTable table)
      : folder_(std::move(folder)), table_(std::move(table)) {}

  void FillReport(GenerateReport* report) const;

  std::filesystem::path folder_;
  CsvTable table_;
  Moments moments_;
};

}  // namespace recoup::graph::synthetic
