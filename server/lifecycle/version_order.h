// The order of model versions as people read them.
#pragma once

#include <string_view>

namespace recoup::server {

/// True when `left` comes before `right`; runs of digits compare as numbers, so `2026-11-20-9`
/// comes before `2026-11-20-10`. Equal numbers of unequal spelling fall back to the text.
bool VersionBefore(std::string_view left, std::string_view right);

}  // namespace recoup::server
