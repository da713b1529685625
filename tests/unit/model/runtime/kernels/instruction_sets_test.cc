#include "model/runtime/kernels/instruction_sets.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace recoup::model {
namespace {

TEST_CASE("Every machine has at least the plain instructions, as the slowest choice") {
  const std::vector<std::string> names = InstructionSets();
  REQUIRE_FALSE(names.empty());
#if defined(__x86_64__)
  CHECK((names.back() == "SCALAR" || names.back() == "EMU128"));
#endif
  CHECK(InstructionSetInUse() == names.front());
}

TEST_CASE("A guard chooses one set and gives the choice back") {
  const std::vector<std::string> before = InstructionSets();
  {
    const UseOnlyInstructionSet only(before.back());
    CHECK(InstructionSetInUse() == before.back());
  }
  CHECK(InstructionSets() == before);
}

}  // namespace
}  // namespace recoup::model
