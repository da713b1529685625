#include "model/features/text_ngrams.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

namespace recoup::model {
namespace {

constexpr int kLongestNgram = 3;
// FNV-1a, 64 bits; then the finalizer of splitmix64, because the last letter hardly moves the upper
// bits of FNV.
constexpr std::uint64_t kHashStart = 0xcbf2'9ce4'8422'2325ULL;

constexpr std::uint64_t HashByte(std::uint64_t hash, char byte) {
  return (hash ^ static_cast<unsigned char>(byte)) * 0x0000'0100'0000'01b3ULL;
}

constexpr std::uint64_t Mix(std::uint64_t bits) {
  bits += 0x9e37'79b9'7f4a'7c15ULL;
  bits = (bits ^ (bits >> 30)) * 0xbf58'476d'1ce4'e5b9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94d0'49bb'1331'11ebULL;
  return bits ^ (bits >> 31);
}

std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// How many bytes the code point at `at` takes. Only the form is checked: a lead byte takes the
// continuation bytes that it announces or, if they are not there, stands alone.
std::size_t CodePointLength(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (lead >= 0xf8 || length > text.size() - at) return 1;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[at + i]) & 0xc0) != 0x80) return 1;
  }
  return length;
}

// The highest bit of the hash is the sign, the rest chooses the bucket.
void Count(std::uint64_t hash, std::span<float> buckets) {
  const std::uint64_t mixed = Mix(hash);
  buckets[(mixed & ~(std::uint64_t{1} << 63)) % buckets.size()] +=
      (mixed >> 63) != 0 ? -1.0F : 1.0F;
}

void CountNgramsAt(std::string_view text, std::size_t begin, std::span<float> buckets) {
  std::uint64_t hash = kHashStart;
  std::size_t at = begin;
  for (int n = 0; n < kLongestNgram && at < text.size(); ++n) {
    const std::size_t end = at + CodePointLength(text, at);
    for (; at < end; ++at) hash = HashByte(hash, text[at]);
    Count(hash, buckets);
  }
}

void ScaleToLengthOne(std::span<float> buckets) {
  double squares = 0.0;
  for (const float count : buckets) squares += static_cast<double>(count) * count;
  if (squares == 0.0) return;
  const double length = std::sqrt(squares);
  for (float& count : buckets) count = static_cast<float>(count / length);
}

}  // namespace

void WriteTextBuckets(std::string_view text, std::span<float> buckets) {
  std::fill(buckets.begin(), buckets.end(), 0.0F);
  if (buckets.empty()) return;
  const std::string lower = LowerAscii(text);
  for (std::size_t at = 0; at < lower.size(); at += CodePointLength(lower, at)) {
    CountNgramsAt(lower, at, buckets);
  }
  ScaleToLengthOne(buckets);
}

}  // namespace recoup::model
