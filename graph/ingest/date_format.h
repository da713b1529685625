// Reads dates in the forms that tapes write them.
#pragma once

#include <string_view>

#include "graph/types/date.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// Checks a form: %Y (four digits), %m and %d (one or two digits; two where another field touches
/// them), %b (Jan to Dec, any case), each at most once, %Y, %d and one month; every other character
/// stands for itself. Two-digit years are not offered: their century would be a guess. Errors:
/// kInvalidArgument.
Result<void> CheckDateFormat(std::string_view format);

/// Reads `text` in `format`. After an ISO date, a midnight such as ` 00:00:00` is let pass.
/// REQUIRES: CheckDateFormat(format).
/// Errors: kInvalidArgument (another form), kOutOfRange (no such day in the calendar).
Result<Date> ParseDateAs(std::string_view text, std::string_view format);

}  // namespace recoup::graph
