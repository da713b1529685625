// Fixed cases for every kernel; a new kernel gets a function here and a line in
// kernel_bytes_main.cc.
#pragma once

#include "tests/arm64/byte_lines.h"

namespace recoup::model::testing {

/// Each runs its kernels on the instruction set in use and prints all that they wrote.
void PrintFloatRows(const ByteLines& lines);
void PrintNearest(const ByteLines& lines);
void PrintPeers(const ByteLines& lines);
void PrintQuantizedRows(const ByteLines& lines);
void PrintQuantizedNetwork(const ByteLines& lines);

}  // namespace recoup::model::testing
