// The three functions of Highway's library that dispatch calls, for programs compiled for ARM64 on
// another machine. Debian has that library only for the machine's own architecture; taking it from
// the other one would mean to enable a second architecture for the whole system, in step with the
// first, for these lines. Compiling for one fixed instruction set would do without, but not test
// what runs. They are the same in Highway 1.0 (Debian 12) and 1.2 (Debian 13).
#include <cstdint>

#include "model/runtime/kernels/highway_targets.h"
//
#include <hwy/targets.h>

namespace hwy {
namespace {

std::int64_t only = 0;

}  // namespace

// The emulated processor can run all that is compiled.
std::int64_t SupportedTargets() { return only != 0 ? only : HWY_TARGETS; }

void SetSupportedTargetsForTest(std::int64_t targets) { only = targets; }

ChosenTarget& GetChosenTarget() {
  static ChosenTarget chosen;
  return chosen;
}

}  // namespace hwy
