// Free text as numbers: hashed character n-grams, which need no words and no vocabulary.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace recoup::model {

/// How many buckets a text gets where nothing else is said.
inline constexpr std::uint32_t kTextBuckets = 32;

/// Overwrites `buckets` with the text's n-grams of 1, 2 and 3 code points: each adds +1 or -1 to
/// one bucket, both chosen by its hash, and the sum is scaled to length 1 (Weinberger et al. 2009,
/// "Feature hashing"). Chinese has no spaces between words and needs none here. A to Z count as
/// a to z; a byte that is not UTF-8 counts as a code point. An empty text gives zeros. The same
/// text gives the same numbers on every machine: they are part of the model's format.
void WriteTextBuckets(std::string_view text, std::span<float> buckets);

}  // namespace recoup::model
