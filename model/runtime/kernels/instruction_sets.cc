#include "model/runtime/kernels/instruction_sets.h"

#include "model/runtime/kernels/highway_targets.h"
//
#include <hwy/highway.h>
#include <hwy/targets.h>

#include <algorithm>
#include <cstdint>

#include "graph/types/result.h"

namespace recoup::model {
namespace {

std::string NameOf(std::int64_t target) { return hwy::TargetName(target); }

// Every kernel's table of functions is looked up with this mask.
void Choose(std::int64_t targets) {
  hwy::SetSupportedTargetsForTest(targets);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace

std::vector<std::string> InstructionSets() {
  std::vector<std::int64_t> targets = hwy::SupportedAndGeneratedTargets();
  std::sort(targets.begin(), targets.end());  // lower numbers are faster
  std::vector<std::string> names;
  for (const std::int64_t target : targets) names.push_back(NameOf(target));
  return names;
}

std::string InstructionSetInUse() { return InstructionSets().front(); }

UseOnlyInstructionSet::UseOnlyInstructionSet(std::string_view name) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    if (NameOf(target) != name) continue;
    Choose(target);
    return;
  }
  RECOUP_CHECK(false);
}

UseOnlyInstructionSet::~UseOnlyInstructionSet() { Choose(0); }

}  // namespace recoup::model
