// Option texts that become Recoup's own types.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "graph/types/date.h"
#include "graph/types/result.h"

namespace recoup::cli {

/// Returns nothing for an empty text. Errors: kInvalidArgument (names the option).
Result<std::optional<Date>> ParseOptionalDate(std::string_view option, const std::string& text);

}  // namespace recoup::cli
