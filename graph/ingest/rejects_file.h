// The CSV file that lists every cell and line of a tape that could not be read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "graph/types/result.h"

namespace recoup::graph {

/// One cell that cannot be read, or one broken line (then the column is empty).
struct Reject {
  std::string file;
  std::uint64_t line = 0;  // physical line of a CSV file, row of a Parquet file; from 1
  std::string column;
  std::string value;   // as the tape has it; of a broken line its beginning
  std::string reason;  // without the value, so that reasons can be counted

  bool operator==(const Reject&) const = default;
};

/// Threads: use from one thread.
class RejectsFile {
 public:
  /// Starts the file anew, with the header `file,line,column,value,reason`. An empty path: no file.
  /// Errors: kUnavailable (the file cannot be written).
  Result<void> Open(const std::filesystem::path& path);

  void Add(const Reject& reject);

  /// Errors: kUnavailable (the disk failed or is full).
  Result<void> Close();

 private:
  std::filesystem::path path_;
  std::ofstream file_;
};

}  // namespace recoup::graph
