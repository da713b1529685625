// Reads the keys of one TOML table of a mapping; a key that nobody asked for is an error.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "graph/ingest/mapping.h"

#ifndef TOML_EXCEPTIONS
#define TOML_EXCEPTIONS 0
#endif

// Release 3.3 asserts on some malformed headers, such as `[$x]`, before it reports them. A typo in
// a mapping must not stop a debug build, so its assertions are off here.
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define NDEBUG
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

namespace recoup::graph {

/// Keeps the first thing that is wrong with a mapping; a misspelt key before all else, because it
/// is usually the reason why another key seems to be missing.
class MappingProblem {
 public:
  void Add(const MappingPlace& place, std::string_view message) {
    if (place_.has_value()) return;
    place_ = place;
    message_ = message;
  }
  void AddUnknownKey(const MappingPlace& place, std::string_view message) {
    if (has_unknown_key_) return;
    has_unknown_key_ = true;
    place_ = place;
    message_ = message;
  }
  const std::optional<MappingPlace>& place() const { return place_; }
  const std::string& message() const { return message_; }

 private:
  std::optional<MappingPlace> place_;
  std::string message_;
  bool has_unknown_key_ = false;
};

/// One TOML table. Getters note a problem and return something harmless when a key has the wrong
/// type; `Finish` notes keys that were never asked for.
/// Lifetime: must not outlive the document and the problem.
class KeyReader {
 public:
  KeyReader(const toml::table& table, std::string path, MappingProblem* problem);

  bool Has(std::string_view key) const { return table_.contains(key); }
  bool IsString(std::string_view key) const { return table_[key].is_string(); }

  /// Returns nothing when the key is absent.
  std::optional<std::string> String(std::string_view key);
  /// Notes a problem when the key is absent or empty.
  std::string RequiredString(std::string_view key);
  bool Bool(std::string_view key, bool fallback);
  std::optional<double> Number(std::string_view key);
  /// Returns nothing when the key is absent; a string stands for a list of one.
  std::optional<std::vector<std::string>> Strings(std::string_view key);
  /// Returns nothing when the key is absent or no table.
  std::optional<KeyReader> Table(std::string_view key);
  /// Returns the tables of `[[key]]`, none when the key is absent.
  std::vector<KeyReader> Tables(std::string_view key);
  /// Returns the keys of this table in the order of the file and marks them as asked for.
  std::vector<std::string> AllKeys();

  MappingPlace place() const { return {path_, Line(table_)}; }
  MappingPlace place(std::string_view key) const;
  const std::string& path() const { return path_; }
  void Problem(std::string_view key, std::string_view message) {
    problem_->Add(place(key), message);
  }
  MappingProblem* problem() { return problem_; }

  void Finish();

 private:
  static std::uint32_t Line(const toml::node& node) { return node.source().begin.line; }
  const toml::node* Ask(std::string_view key);
  std::string Join(std::string_view key) const;

  const toml::table& table_;
  std::string path_;
  MappingProblem* problem_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace recoup::graph
