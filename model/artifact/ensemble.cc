#include "model/artifact/ensemble.h"

namespace recoup::model {

std::string_view MemberName(Member member) {
  constexpr std::array<std::string_view, kMembers> kNames = {
      "trees, own features", "trees, relational", "trees, nearest loans", "base + residual ridge",
      "base + credibility network"};
  return kNames[static_cast<std::size_t>(member)];
}

}  // namespace recoup::model
