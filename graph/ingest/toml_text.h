// Looks at TOML before the parser does, for what the parser does not survive.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace recoup::graph {

/// Returns the line, from 1, of the first byte outside ASCII that stands neither in quotes nor in a
/// comment, where TOML 1.0 allows none. (toml++ 3.3 has undefined behaviour there.) A byte order
/// mark at the beginning is let pass.
std::optional<std::uint32_t> FindStrayCharacter(std::string_view text);

}  // namespace recoup::graph
