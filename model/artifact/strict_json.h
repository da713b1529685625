// JSON as our files use it: no duplicate names, no exceptions.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace recoup::model {

/// Returns the value, or nothing if `text` is not JSON, nests deeper than 16 levels or names an
/// object's member twice.
std::optional<nlohmann::json> ParseStrictJson(std::string_view text);

/// Returns the member as a whole number of at most `largest`, if it is one.
std::optional<std::uint64_t> UnsignedMember(const nlohmann::json& object, std::string_view name,
                                            std::uint64_t largest);

/// Returns the member as a finite number, if it is one.
std::optional<double> NumberMember(const nlohmann::json& object, std::string_view name);

}  // namespace recoup::model
