#include "graph/ingest/tape_identity.h"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "tests/support/tape_folder.h"

namespace recoup::graph {
namespace {

std::string Digest(const TapeIdentity& tape) {
  const Result<std::string> digest = TapeDigest(tape);
  REQUIRE(digest.has_value());
  return *digest;
}

TEST_CASE("The same content has the same name in another folder") {
  const TapeFolder one;
  const TapeFolder other;
  one.Write("a.csv", "x\n1\n");
  other.Write("a.csv", "x\n1\n");
  const std::string digest = Digest({"map", 100, 900, {one.path("a.csv")}});
  CHECK(digest == Digest({"map", 100, 900, {other.path("a.csv")}}));
  CHECK(digest.size() == 32);
  CHECK(digest.find_first_not_of("0123456789abcdef") == std::string::npos);
}

TEST_CASE("Whatever decides over the batches changes the name") {
  const TapeFolder tape;
  tape.Write("ab", "ab");
  tape.Write("a", "a");
  tape.Write("b", "b");
  tape.Write("c", "c");
  tape.Write("empty", "");
  const auto files = [&](std::vector<std::string> names) {
    std::vector<std::filesystem::path> paths;
    for (const std::string& name : names) paths.push_back(tape.path(name));
    return paths;
  };
  const std::vector<std::string> digests = {
      Digest({"map", 100, 900, files({"ab", "c"})}),
      Digest({"map", 101, 900, files({"ab", "c"})}),  // the size of a batch
      Digest({"map", 100, 901, files({"ab", "c"})}),
      Digest({"Map", 100, 900, files({"ab", "c"})}),      // the mapping
      Digest({"map", 100, 900, files({"c", "ab"})}),      // the order of the files
      Digest({"map", 100, 900, files({"a", "c"})}),       // a file's content
      Digest({"map", 100, 900, files({"a", "b", "c"})}),  // where one file ends
      Digest({"map", 100, 900, files({"ab", "c", "empty"})}),
      Digest({"map", 100, 900, files({"ab", "c", "absent"})}),
  };
  CHECK(std::set<std::string>(digests.begin(), digests.end()).size() == digests.size());
}

TEST_CASE("Every byte of a large file counts") {
  const TapeFolder tape;
  std::string large((std::size_t{1} << 18) + 100, 'x');
  tape.Write("large", large);
  const std::string digest = Digest({"map", 1, 900, {tape.path("large")}});
  large.back() = 'y';
  tape.Write("large", large);
  CHECK(Digest({"map", 1, 900, {tape.path("large")}}) != digest);
}

}  // namespace
}  // namespace recoup::graph
