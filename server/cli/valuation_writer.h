// Valued loans as a table for people, CSV for spreadsheets, or JSON lines for programs.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string_view>

#include "graph/types/result.h"
#include "server/engine/valuation_source.h"

namespace recoup::cli {

enum class OutputFormat { kTable, kCsv, kJson };

/// Errors: kInvalidArgument (not `table`, `csv` or `json`).
Result<OutputFormat> ParseOutputFormat(std::string_view name);

/// Writes loans one by one, in the order given. The same answers give the same bytes.
/// Threads: one. Lifetime: must not outlive the stream.
class ValuationWriter {
 public:
  virtual ~ValuationWriter() = default;

  /// Errors: kOutOfRange (a total does not fit), kUnavailable (the stream takes no more: go on with
  /// nothing).
  virtual Result<void> Write(const server::LoanAnswer& answer) = 0;
  /// Call once, at the end. `total`: loans that should have been written. A table of fewer says so
  /// beside its totals.
  virtual void Finish(std::uint64_t total) = 0;
};

/// A table shows at most `max_rows` loans, then how many more there are, then totals; the other
/// formats show all.
std::unique_ptr<ValuationWriter> MakeValuationWriter(OutputFormat format, std::ostream& out,
                                                     std::uint64_t max_rows);

}  // namespace recoup::cli
