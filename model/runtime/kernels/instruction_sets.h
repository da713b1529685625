// Which of the kernels' instruction sets this machine has. All of them give the same bytes; a test
// runs every one that is there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace recoup::model {

/// Returns the names of the sets that this machine can run, the fastest first, as Highway names
/// them: `AVX3_DL` (AVX-512 with VNNI), `AVX2`, `NEON`, and for plain C++ `SCALAR` or, with newer
/// compilers, `EMU128`.
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
