#include "model/features/text_ngrams.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::model {
namespace {

using Buckets = std::vector<float>;

Buckets Of(std::string_view text, std::size_t count = kTextBuckets) {
  Buckets buckets(count, 9.0F);
  WriteTextBuckets(text, buckets);
  return buckets;
}

double Dot(const Buckets& a, const Buckets& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

int NotZero(const Buckets& buckets) {
  int count = 0;
  for (const float bucket : buckets) count += bucket != 0.0F ? 1 : 0;
  return count;
}

TEST_CASE("An empty text gives zeros, any other a vector of length 1") {
  CHECK(Of("") == Buckets(kTextBuckets, 0.0F));
  for (const char* text : {"a", "shop", "buys a shop", "经营贷款"}) {
    CHECK(Dot(Of(text), Of(text)) == Catch::Approx(1.0));
  }
}

// With so many buckets no two of these n-grams meet, so they can be counted.
TEST_CASE("A text has its n-grams of one, two and three code points") {
  constexpr std::size_t kMany = 1U << 20U;
  CHECK(NotZero(Of("a", kMany)) == 1);     // a
  CHECK(NotZero(Of("ab", kMany)) == 3);    // a b ab
  CHECK(NotZero(Of("abcd", kMany)) == 9);  // 4 + 3 + 2
  CHECK(NotZero(Of("房产抵押", kMany)) == 9);
  CHECK(NotZero(Of("aaaa", kMany)) == 3);  // a 4 times, aa 3 times, aaa twice
  const Buckets repeated = Of("aaaa", kMany);
  double largest = 0.0;
  for (const float bucket : repeated) largest = std::max(largest, std::abs(double{bucket}));
  CHECK(largest == Catch::Approx(4.0 / std::sqrt(16.0 + 9.0 + 4.0)));
}

TEST_CASE("The same text gives the same numbers, and they are part of the format") {
  CHECK(Of("房产抵押") == Of(std::string("房产抵押")));
  // Computed apart from this code: FNV-1a of "a" is 0xaf63dc4c8601ec8c, and splitmix64's finalizer
  // makes 0x5f29c2aadd9b8527 of it: bucket 7 of 32, sign plus.
  Buckets expected(kTextBuckets, 0.0F);
  expected[7] = 1.0F;
  CHECK(Of("a") == expected);
}

TEST_CASE("Case of ASCII letters does not matter, other letters are left as they are") {
  CHECK(Of("Buys A SHOP") == Of("buys a shop"));
  CHECK(Of("\xc3\x84") != Of("\xc3\xa4"));  // capital and small a with diaeresis
}

TEST_CASE("Texts that share words are nearer than those that do not") {
  const Buckets flat = Of("购买住房贷款", 256);
  CHECK(Dot(flat, Of("购买商品住房", 256)) > 0.3);
  CHECK(std::abs(Dot(flat, Of("流动资金周转", 256))) < 0.3);
  CHECK(Dot(Of("shop for bread", 256), Of("a shop of bread", 256)) > 0.5);
}

TEST_CASE("Broken UTF-8 is taken byte by byte") {
  constexpr std::size_t kMany = 1U << 20U;
  CHECK(NotZero(Of("\xe6", kMany)) == 1);                // a character cut off
  CHECK(NotZero(Of("\xe6\x88", kMany)) == 3);            // likewise: two bytes, each for itself
  CHECK(NotZero(Of("\xe6\x88\xbf", kMany)) == 1);        // the whole character
  CHECK(NotZero(Of("\x80", kMany)) == 1);                // no lead byte
  CHECK(NotZero(Of("\xff\xfe", kMany)) == 3);            // bytes that never occur
  CHECK(NotZero(Of("\xf0z", kMany)) == 3);               // a lead byte without what it announces
  CHECK(NotZero(Of(std::string(2, '\0'), kMany)) == 2);  // NUL is a character: once, and twice
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = {static_cast<char>(byte), 'x', static_cast<char>(byte)};
    for (const float bucket : Of(text)) CHECK(std::isfinite(bucket));
  }
}

TEST_CASE("Any number of buckets is filled, none as well") {
  CHECK(std::abs(Of("ab", 1)[0]) <= 1.0F);
  CHECK(Of("ab", 0).empty());
}

}  // namespace
}  // namespace recoup::model
