#include "graph/ingest/utf8.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace recoup::graph {
namespace {

// What a first byte of a sequence allows.
struct Lead {
  std::size_t continuations;
  unsigned char second_low;
  unsigned char second_high;
};

bool FindLead(unsigned char byte, Lead* lead) {
  if (byte >= 0xc2 && byte <= 0xdf) {
    *lead = {1, 0x80, 0xbf};
  } else if (byte >= 0xe0 && byte <= 0xef) {
    *lead = {2, static_cast<unsigned char>(byte == 0xe0 ? 0xa0 : 0x80),
             static_cast<unsigned char>(byte == 0xed ? 0x9f : 0xbf)};
  } else if (byte >= 0xf0 && byte <= 0xf4) {
    *lead = {3, static_cast<unsigned char>(byte == 0xf0 ? 0x90 : 0x80),
             static_cast<unsigned char>(byte == 0xf4 ? 0x8f : 0xbf)};
  } else {
    return false;
  }
  return true;
}

// Returns how many leading bytes, in steps of 8, are ASCII and not NUL.
std::size_t AsciiPrefix(std::string_view bytes) {
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, 8);
    const bool has_nul = ((word - 0x0101010101010101ULL) & ~word & 0x8080808080808080ULL) != 0;
    if (has_nul || (word & 0x8080808080808080ULL) != 0) break;
  }
  return i;
}

}  // namespace

bool IsUtf8(std::string_view bytes) {
  std::size_t i = AsciiPrefix(bytes);
  while (i < bytes.size()) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte == 0) return false;
    if (byte < 0x80) {
      ++i;
      continue;
    }
    Lead lead{};
    if (!FindLead(byte, &lead) || i + lead.continuations >= bytes.size()) return false;
    for (std::size_t k = 1; k <= lead.continuations; ++k) {
      const auto next = static_cast<unsigned char>(bytes[i + k]);
      const unsigned low = k == 1 ? lead.second_low : 0x80U;
      const unsigned high = k == 1 ? lead.second_high : 0xbfU;
      if (next < low || next > high) return false;
    }
    i += lead.continuations + 1;
  }
  return true;
}

}  // namespace recoup::graph
