#include "graph/ingest/toml_text.h"

#include <string>

namespace recoup::graph {
namespace {

// Returns the position behind the quoted text that begins at `begin`. A text in single quotes of
// its kind ends with its line at the latest.
std::size_t EndOfQuotes(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  const std::string triple(3, quote);
  const bool is_long = text.substr(begin, 3) == triple;
  std::size_t i = begin + (is_long ? 3 : 1);
  while (i < text.size()) {
    if (quote == '"' && text[i] == '\\') {
      i += 2;
    } else if (!is_long && (text[i] == quote || text[i] == '\n')) {
      return text[i] == quote ? i + 1 : i;
    } else if (is_long && text.substr(i, 3) == triple) {
      i += 3;
      while (i < text.size() && text[i] == quote) ++i;
      return i;
    } else {
      ++i;
    }
  }
  return text.size();
}

}  // namespace

std::optional<std::uint32_t> FindStrayCharacter(std::string_view text) {
  std::size_t i = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  while (i < text.size()) {
    const char c = text[i];
    if (c == '"' || c == '\'') {
      i = EndOfQuotes(text, i);
    } else if (c == '#') {
      while (i < text.size() && text[i] != '\n') ++i;
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      std::uint32_t line = 1;
      for (const char passed : text.substr(0, i)) line += passed == '\n' ? 1 : 0;
      return line;
    } else {
      ++i;
    }
  }
  return std::nullopt;
}

}  // namespace recoup::graph
