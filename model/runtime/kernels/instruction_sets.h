// Which of the kernels' instruction sets this machine has. All of them give the same bytes; a test
// runs every one that is there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace recoup::model {

/// Returns the names of the sets that this machine can run, the fastest first: of `AVX3_DL`,
/// `AVX2`, `NEON` and `SCALAR` (Highway's names; AVX3_DL is AVX-512 with VNNI).
std::vector<std::string> InstructionSets();

/// Returns the set that kernels run on: the fastest, unless a guard below says otherwise.
std::string InstructionSetInUse();

/// Makes every kernel of this process run on one set, until the guard dies. For tests and
/// benchmarks. Threads: not while another thread runs a kernel.
class UseOnlyInstructionSet {
 public:
  /// REQUIRES: `name` is one of InstructionSets(); no other guard lives.
  explicit UseOnlyInstructionSet(std::string_view name);
  ~UseOnlyInstructionSet();
  UseOnlyInstructionSet(const UseOnlyInstructionSet&) = delete;
  UseOnlyInstructionSet& operator=(const UseOnlyInstructionSet&) = delete;
};

}  // namespace recoup::model
