#include "graph/ingest/byte_source.h"

#include <zlib.h>

#include <array>
#include <catch2/catch_test_macros.hpp>

#include "tests/support/tape_folder.h"

namespace recoup::graph {
namespace {

// Reads seven bytes at a time; an error becomes its message.
std::string ReadAll(ByteSource& source) {
  std::string text;
  std::array<char, 7> buffer{};
  while (true) {
    const Result<std::size_t> count = source.Read(buffer);
    if (!count.has_value()) return "error: " + count.error().message;
    if (*count == 0) return text;
    text.append(buffer.data(), *count);
  }
}

// Text that does not compress to nothing.
std::string Lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(i * 7919 % 10007) + "\n";
  return text;
}

void WriteGzip(const std::filesystem::path& path, const std::string& text) {
  gzFile file = gzopen(path.c_str(), "wb");
  REQUIRE(file != nullptr);
  CHECK(gzwrite(file, text.data(), static_cast<unsigned>(text.size())) ==
        static_cast<int>(text.size()));
  REQUIRE(gzclose(file) == Z_OK);
}

TEST_CASE("Memory is read to its end and then stays there") {
  const std::string text = "twenty-one characters";
  const auto source = ReadMemory(text);
  CHECK(ReadAll(*source) == text);
  CHECK(source->position() == text.size());
  CHECK(ReadAll(*source).empty());
}

TEST_CASE("Gzip is told by its content, not by its name") {
  const TapeFolder folder;
  const std::string text = Lines(5000);
  folder.Write("plain.gz", text);
  WriteGzip(folder.path("packed.csv"), text);
  CHECK(ReadAll(**OpenFile(folder.path("plain.gz"))) == text);
  CHECK(ReadAll(**OpenFile(folder.path("packed.csv"))) == text);
}

TEST_CASE("A position counts bytes on disk") {
  const TapeFolder folder;
  WriteGzip(folder.path("packed"), Lines(5000));
  const auto source = *OpenFile(folder.path("packed"));
  CHECK(ReadAll(*source).size() > source->position());
  CHECK(source->position() == std::filesystem::file_size(folder.path("packed")));
}

TEST_CASE("Compression that is cut off or damaged is an error") {
  const TapeFolder folder;
  WriteGzip(folder.path("packed"), Lines(5000));
  const std::string whole = folder.Read("packed");
  folder.Write("cut", whole.substr(0, whole.size() / 2));
  std::string bent = whole;
  bent[bent.size() - 6] = static_cast<char>(bent[bent.size() - 6] ^ 1);  // in the checksum
  folder.Write("bent", bent);
  for (const char* name : {"cut", "bent"}) {
    CHECK(ReadAll(**OpenFile(folder.path(name))) ==
          std::string("error: the compressed file is damaged or cut off: ") + name);
  }
}

TEST_CASE("What is not a file is not found") {
  const TapeFolder folder;
  CHECK(OpenFile(folder.path("nothing")).error().code == ErrorCode::kNotFound);
  CHECK(OpenFile(folder.path("")).error().code == ErrorCode::kNotFound);
}

}  // namespace
}  // namespace recoup::graph
