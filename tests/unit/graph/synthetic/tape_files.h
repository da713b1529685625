// Generates small tapes into a folder of their own and reads them back.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "graph/synthetic/generate_portfolio.h"

namespace recoup::graph::synthetic {

/// A folder that is empty at first and gone in the end.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              ("recoup_synthetic_" + name + "_" + std::to_string(Number()))) {
    std::filesystem::remove_all(path_);
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  // The address of a variable differs between processes, a count within one.
  static std::uint64_t Number() {
    static std::uint64_t count = 0;
    return reinterpret_cast<std::uintptr_t>(&count) + ++count;
  }

  std::filesystem::path path_;
};

using Row = std::map<std::string, std::string>;

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::vector<std::string> Split(const std::string& line) {
  std::vector<std::string> values(1);
  for (const char c : line) {
    if (c == ',') {
      values.emplace_back();
    } else {
      values.back() += c;
    }
  }
  return values;
}

inline std::vector<Row> ReadTable(const std::filesystem::path& path) {
  std::istringstream lines(ReadFile(path));
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> header = Split(line);
  std::vector<Row> rows;
  while (std::getline(lines, line)) {
    const std::vector<std::string> values = Split(line);
    REQUIRE(values.size() == header.size());
    Row row;
    for (std::size_t i = 0; i < header.size(); ++i) row[header[i]] = values[i];
    rows.push_back(row);
  }
  return rows;
}

inline GenerateReport GenerateOrFail(const GenerateOptions& options,
                                     const std::filesystem::path& out) {
  const auto report = GeneratePortfolio(options, out);
  REQUIRE(report.has_value());
  return *report;
}

/// Returns every file's bytes by its path within the folder.
inline std::map<std::string, std::string> ReadAll(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    files[std::filesystem::relative(entry.path(), folder).generic_string()] =
        ReadFile(entry.path());
  }
  return files;
}

}  // namespace recoup::graph::synthetic
