// Which instruction sets the kernels are compiled for; include before any Highway header.
#pragma once

// AVX-512 with VNNI, AVX2 and plain C++ on x86-64, NEON on ARM64: each further one
// would cost a compilation and help few machines; and vectors of unknown length (SVE) cannot stand
// in arrays. Unknown ones are 0, because Highway's versions differ in what they know.
#define HWY_WANT_AVX3_DL
#define HWY_DISABLED_TARGETS                                                                   \
  (HWY_SSE2 | HWY_SSSE3 | HWY_SSE4 | HWY_AVX3 | HWY_AVX3_ZEN4 | HWY_AVX3_SPR | HWY_NEON_BF16 | \
   HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)

#include <hwy/detect_targets.h>

#ifndef HWY_SSE2
#define HWY_SSE2 0
#endif
#ifndef HWY_AVX3_ZEN4
#define HWY_AVX3_ZEN4 0
#endif
#ifndef HWY_AVX3_SPR
#define HWY_AVX3_SPR 0
#endif
#ifndef HWY_NEON_BF16
#define HWY_NEON_BF16 0
#endif
