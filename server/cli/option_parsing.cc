#include "server/cli/option_parsing.h"

namespace recoup::cli {

Result<std::optional<Date>> ParseOptionalDate(std::string_view option, const std::string& text) {
  if (text.empty()) return std::optional<Date>();
  const Result<Date> date = Date::Parse(text);
  if (!date.has_value()) return Annotate(date.error(), option);
  return std::optional<Date>(*date);
}

}  // namespace recoup::cli
