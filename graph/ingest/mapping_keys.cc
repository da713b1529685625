#include "graph/ingest/mapping_keys.h"

#include <algorithm>
#include <utility>

namespace recoup::graph {

KeyReader::KeyReader(const toml::table& table, std::string path, MappingProblem* problem)
    : table_(table), path_(std::move(path)), problem_(problem) {}

std::string KeyReader::Join(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

MappingPlace KeyReader::place(std::string_view key) const {
  const toml::node* node = table_.get(key);
  return {Join(key), Line(node == nullptr ? table_ : *node)};
}

const toml::node* KeyReader::Ask(std::string_view key) {
  asked_.insert(std::string(key));
  return table_.get(key);
}

std::optional<std::string> KeyReader::String(std::string_view key) {
  const toml::node* node = Ask(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* text = node->as_string()) return text->get();
  Problem(key, "must be a text in quotes");
  return std::nullopt;
}

std::string KeyReader::RequiredString(std::string_view key) {
  const bool present = Has(key);
  std::string text = String(key).value_or("");
  if (!present) {
    Problem(key, "is missing");
  } else if (text.empty()) {
    Problem(key, "must not be empty");
  }
  return text;
}

bool KeyReader::Bool(std::string_view key, bool fallback) {
  const toml::node* node = Ask(key);
  if (node == nullptr) return fallback;
  if (const auto* value = node->as_boolean()) return value->get();
  Problem(key, "must be true or false");
  return fallback;
}

std::optional<double> KeyReader::Number(std::string_view key) {
  const toml::node* node = Ask(key);
  if (node == nullptr) return std::nullopt;
  const std::optional<double> value = node->is_number() ? node->value<double>() : std::nullopt;
  if (!value.has_value()) Problem(key, "must be a number");
  return value;
}

std::optional<std::vector<std::string>> KeyReader::Strings(std::string_view key) {
  const toml::node* node = Ask(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* text = node->as_string()) return std::vector<std::string>{text->get()};
  std::vector<std::string> texts;
  if (const auto* array = node->as_array()) {
    for (const toml::node& element : *array) {
      if (const auto* text = element.as_string()) texts.push_back(text->get());
    }
    if (texts.size() == array->size()) return texts;
  }
  Problem(key, "must be a list of texts in quotes");
  return std::nullopt;
}

std::optional<KeyReader> KeyReader::Table(std::string_view key) {
  const toml::node* node = Ask(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* table = node->as_table()) return KeyReader(*table, Join(key), problem_);
  Problem(key, "must be a table");
  return std::nullopt;
}

std::vector<KeyReader> KeyReader::Tables(std::string_view key) {
  std::vector<KeyReader> readers;
  const toml::node* node = Ask(key);
  if (node == nullptr) return readers;
  const auto* array = node->as_array();
  if (array == nullptr) {
    Problem(key, "must be a list of tables: write [[" + Join(key) + "]]");
    return readers;
  }
  for (const toml::node& element : *array) {
    if (const auto* table = element.as_table()) {
      readers.emplace_back(*table, Join(key), problem_);
    } else {
      Problem(key, "must hold tables only");
    }
  }
  return readers;
}

std::vector<std::string> KeyReader::AllKeys() {
  std::vector<std::pair<toml::source_position, std::string>> places;
  for (const auto& [key, node] : table_) {
    asked_.insert(std::string(key.str()));
    places.emplace_back(node.source().begin, std::string(key.str()));
  }
  std::sort(places.begin(), places.end());
  std::vector<std::string> keys;
  for (auto& [position, key] : places) keys.push_back(std::move(key));
  return keys;
}

void KeyReader::Finish() {
  std::string known;
  for (const std::string& key : asked_) known += (known.empty() ? "" : ", ") + key;
  for (const auto& [key, node] : table_) {
    if (asked_.count(key.str()) > 0) continue;
    problem_->AddUnknownKey({Join(key.str()), Line(node)},
                            "is not a key that belongs here; known are " + known);
  }
}

}  // namespace recoup::graph
