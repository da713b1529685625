// Any bytes as a text: the first byte chooses the number of buckets, the rest is the text.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "graph/types/result.h"
#include "model/features/text_ngrams.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::vector<float> buckets(std::size_t{data[0]} + 1, 9.0F);
  recoup::model::WriteTextBuckets(text, buckets);
  double squares = 0.0;
  for (const float bucket : buckets) {
    RECOUP_CHECK(std::isfinite(bucket));
    squares += static_cast<double>(bucket) * bucket;
  }
  // 0 if the text is empty or its n-grams cancel out, else 1.
  RECOUP_CHECK(squares == 0.0 || std::abs(squares - 1.0) < 1e-4);
  std::vector<float> again(buckets.size());
  recoup::model::WriteTextBuckets(text, again);
  RECOUP_CHECK(again == buckets);
  return 0;
}
