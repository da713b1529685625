#include "server/lifecycle/version_order.h"

#include <algorithm>
#include <cstddef>

namespace recoup::server {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// Cuts the run of digits off the front of `text` and returns it without leading zeros.
std::string_view TakeNumber(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && IsDigit(text[length])) ++length;
  std::string_view number = text.substr(0, length);
  text.remove_prefix(length);
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

}  // namespace

bool VersionBefore(std::string_view left, std::string_view right) {
  std::string_view rest_left = left;
  std::string_view rest_right = right;
  while (!rest_left.empty() && !rest_right.empty()) {
    if (IsDigit(rest_left.front()) && IsDigit(rest_right.front())) {
      const std::string_view a = TakeNumber(rest_left);
      const std::string_view b = TakeNumber(rest_right);
      if (a.size() != b.size()) return a.size() < b.size();
      if (a != b) return a < b;
      continue;
    }
    if (rest_left.front() != rest_right.front()) {
      return static_cast<unsigned char>(rest_left.front()) <
             static_cast<unsigned char>(rest_right.front());
    }
    rest_left.remove_prefix(1);
    rest_right.remove_prefix(1);
  }
  if (rest_left.empty() != rest_right.empty()) return rest_left.empty();
  return left < right;
}

}  // namespace recoup::server
