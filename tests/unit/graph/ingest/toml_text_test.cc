#include "graph/ingest/toml_text.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::graph {
namespace {

TEST_CASE("Characters outside ASCII may stand in quotes and comments") {
  CHECK_FALSE(FindStrayCharacter("").has_value());
  CHECK_FALSE(FindStrayCharacter("\xef\xbb\xbf# gr\xc3\xbc\xc3\x9f\na = \"\xc3\xbc\"").has_value());
  CHECK_FALSE(FindStrayCharacter("a = '\xc3\xbc' # \xc3\xbc").has_value());
  CHECK_FALSE(FindStrayCharacter("a = \"\\\"\xc3\xbc\"\n\"\xc3\xbc\" = 1").has_value());
  CHECK_FALSE(
      FindStrayCharacter("a = \"\"\"\n\xc3\xbc\"\n\xc3\xbc\"\"\"\"\nb = '''\n\xc3\xbc''\n'''")
          .has_value());
}

TEST_CASE("Elsewhere they are found with their line") {
  CHECK(FindStrayCharacter("\xc3\xbc = 1") == 1);
  CHECK(FindStrayCharacter("a = 1\nb = \"x\" \xc3\xbc") == 2);
  CHECK(FindStrayCharacter("a = \"open\n\xc3\xbc") == 2);
  CHECK(FindStrayCharacter("# x\na = '''\n\n''' \xc2\xa0") == 4);
}

}  // namespace
}  // namespace recoup::graph
