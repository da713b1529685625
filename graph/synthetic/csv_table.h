// Writes one CSV file of a generated tape.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>

#include "graph/types/result.h"

namespace recoup::graph::synthetic {

/// Threads: use from one thread. Values must not need quoting: no comma, quote or line end.
class CsvTable {
 public:
  /// Errors: kUnavailable (the file cannot be written).
  static Result<CsvTable> Create(const std::filesystem::path& path, std::string_view header);

  void Row(std::initializer_list<std::string_view> values);

  /// Writes what is still in memory. Errors: kUnavailable.
  Result<void> Finish();

 private:
  std::filesystem::path path_;
  std::ofstream file_;
  std::string line_;
};

/// Returns a decimal number with exactly this many digits after the point, half away from zero.
/// REQUIRES: |value| * 10^digits < 2^53.
std::string Decimal(double value, int digits);

/// Returns `prefix` and the number, padded with zeros to seven digits: L0000042.
std::string NumberedId(std::string_view prefix, std::uint64_t number);

}  // namespace recoup::graph::synthetic
