#include "model/artifact/strict_json.h"

#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace recoup::model {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 16;

// Watches the parser: the DOM alone would silently keep one of two equal names.
class NameWatch {
 public:
  bool broken() const { return broken_; }

  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    if (depth > kMaxDepth) broken_ = true;
    if (event == json::parse_event_t::object_start) names_.emplace_back();
    if (event == json::parse_event_t::object_end && !names_.empty()) names_.pop_back();
    if (event == json::parse_event_t::key && !names_.empty()) {
      const bool fresh = names_.back().insert(parsed.get_ref<const std::string&>()).second;
      broken_ = broken_ || !fresh;
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> names_;
  bool broken_ = false;
};

}  // namespace

std::optional<json> ParseStrictJson(std::string_view text) {
  NameWatch watch;
  json value = json::parse(
      text.begin(), text.end(),
      [&watch](int depth, json::parse_event_t event, json& parsed) {
        return watch(depth, event, parsed);
      },
      /*allow_exceptions=*/false);
  if (value.is_discarded() || watch.broken()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> UnsignedMember(const json& object, std::string_view name,
                                            std::uint64_t largest) {
  if (!object.is_object()) return std::nullopt;
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
  const auto value = found->get<std::uint64_t>();
  if (value > largest) return std::nullopt;
  return value;
}

std::optional<double> NumberMember(const json& object, std::string_view name) {
  if (!object.is_object()) return std::nullopt;
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  const auto value = found->get<double>();
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace recoup::model
