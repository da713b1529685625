#include "graph/ingest/utf8.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace recoup::graph {
namespace {

TEST_CASE("Characters of one to four bytes are UTF-8") {
  CHECK(IsUtf8(""));
  CHECK(IsUtf8("plain ascii text of more than eight bytes"));
  CHECK(IsUtf8("\xc2\x80\xdf\xbf"));                  // U+0080, U+07FF
  CHECK(IsUtf8("\xe0\xa0\x80\xef\xbf\xbf"));          // U+0800, U+FFFF
  CHECK(IsUtf8("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"));  // U+10000, U+10FFFF
  CHECK(IsUtf8("\xe4\xb8\x87\xf0\x9f\x98\x80"));
}

TEST_CASE("Overlong forms are not UTF-8") {
  for (const char* bad : {"\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe0\x9f\xbf",
                          "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf"}) {
    CHECK_FALSE(IsUtf8(bad));
  }
}

TEST_CASE("Surrogates and what lies beyond Unicode are not UTF-8") {
  CHECK(IsUtf8("\xed\x9f\xbf"));        // U+D7FF, the last before the surrogates
  CHECK_FALSE(IsUtf8("\xed\xa0\x80"));  // U+D800
  CHECK_FALSE(IsUtf8("\xed\xbf\xbf"));  // U+DFFF
  CHECK(IsUtf8("\xee\x80\x80"));        // U+E000
  CHECK_FALSE(IsUtf8("\xf4\x90\x80\x80"));
  CHECK_FALSE(IsUtf8("\xf5\x80\x80\x80"));
}

TEST_CASE("Half a character is not UTF-8, wherever it stands") {
  for (const char* bad :
       {"\xc3", "\x80", "\xe2\x82", "\xf0\x9f\x98", "\xc3\xc3", "\xe2\x82 ", "12345678\xe2\x82"}) {
    CHECK_FALSE(IsUtf8(bad));
  }
}

TEST_CASE("NUL is refused among ASCII and behind it") {
  CHECK_FALSE(IsUtf8(std::string_view("a\0b", 3)));
  for (std::size_t at = 0; at < 20; ++at) {
    std::string text(20, 'x');
    text[at] = '\0';
    CHECK_FALSE(IsUtf8(text));
  }
}

}  // namespace
}  // namespace recoup::graph
