// Prints what the kernels compute, on every instruction set that this machine can run.
// compare_bytes.py runs it here and, compiled for ARM64, under an emulator.
#include "model/runtime/kernels/instruction_sets.h"
#include "tests/arm64/kernel_cases.h"

int main() {
  using namespace recoup::model;  // NOLINT: a program of ten lines
  for (const std::string& set : InstructionSets()) {
    const UseOnlyInstructionSet only(set);
    const testing::ByteLines lines(set);
    for (const auto print : {testing::PrintFloatRows, testing::PrintNearest, testing::PrintPeers,
                             testing::PrintQuantizedRows, testing::PrintQuantizedNetwork}) {
      print(lines);
    }
  }
}
