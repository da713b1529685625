// A tape in a folder of its own, and what comes out when it is imported.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "graph/ingest/import.h"
#include "graph/schema/fact.h"

namespace recoup::graph {

class TapeFolder {
 public:
  TapeFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "recoup_tape_XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    options.tape = folder_;
    options.mapping = folder_ / "mapping.toml";
    options.rejects_file = folder_ / "rejects.csv";
  }
  TapeFolder(const TapeFolder&) = delete;
  TapeFolder& operator=(const TapeFolder&) = delete;
  ~TapeFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::filesystem::path path(std::string_view name) const { return folder_ / name; }

  void Write(std::string_view name, std::string_view content) const {
    std::ofstream(path(name), std::ios::binary) << content;
  }

  std::string Read(std::string_view name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  /// Imports with `mapping`; batches must pass CheckBatch, rows must all be accounted for.
  Result<ImportReport> Import(std::string_view mapping) {
    Write("mapping.toml", mapping);
    batches.clear();
    return ImportTape(options, [this](const FactBatch& batch) -> Result<void> {
      batches.push_back(batch);
      return CheckBatch(batch);
    });
  }

  /// As Import, for a mapping that must work.
  ImportReport MustImport(std::string_view mapping) {
    Result<ImportReport> report = Import(mapping);
    if (!report.has_value()) FAIL(report.error().message);
    return *report;
  }

  /// As Import, for a mapping or tape that must not.
  std::string ErrorOf(std::string_view mapping) {
    const Result<ImportReport> report = Import(mapping);
    REQUIRE_FALSE(report.has_value());
    CHECK(report.error().code == ErrorCode::kInvalidArgument);
    CHECK(batches.empty());
    return report.error().message;
  }

  std::vector<Fact> Facts() const {
    std::vector<Fact> facts;
    for (const FactBatch& batch : batches) {
      facts.insert(facts.end(), batch.facts.begin(), batch.facts.end());
    }
    return facts;
  }

  /// Returns the rejects file without its header.
  std::string Rejects() const {
    const std::string text = Read("rejects.csv");
    return text.substr(text.find('\n') + 1);
  }

  ImportOptions options;
  std::vector<FactBatch> batches;

 private:
  std::filesystem::path folder_;
};

/// Returns the external ids of the node facts, in order.
inline std::vector<std::string> NodeIds(const std::vector<Fact>& facts) {
  std::vector<std::string> ids;
  for (const Fact& fact : facts) {
    if (const auto* node = std::get_if<NodeFact>(&fact)) ids.push_back(node->node.external_id);
  }
  return ids;
}

/// Returns an attribute of the first node fact of this id that has it, as text; empty if none has.
inline std::string AttributeOf(const std::vector<Fact>& facts, std::string_view id,
                               std::string_view name) {
  for (const Fact& fact : facts) {
    const auto* node = std::get_if<NodeFact>(&fact);
    if (node == nullptr || node->node.external_id != id) continue;
    for (const NamedAttribute& attribute : node->attributes) {
      if (attribute.name == name) return ToString(attribute.value);
    }
  }
  return {};
}

}  // namespace recoup::graph
