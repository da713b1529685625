#include "model/artifact/safetensors.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>

namespace recoup::model {
namespace {

std::string File(const std::string& header, std::size_t data_bytes) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + std::string(data_bytes, '\0');
}

std::string Entry(const std::string& name, const std::string& shape, const std::string& offsets) {
  return "\"" + name + R"(":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets +
         "}";
}

void RequireRefused(const std::string& bytes, const std::string& part_of_message) {
  const auto read = ReadSafetensors(bytes);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == ErrorCode::kDataLoss);
  CHECK(read.error().message.find(part_of_message) != std::string::npos);
  INFO(read.error().message);
}

TEST_CASE("Tensors survive the way to bytes and back") {
  const TensorMap tensors = {{"a.weight", {{2, 3}, {1, 2, 3, 4, 5, 6}}},
                             {"b \"quoted\"", {{1}, {-0.5F}}},
                             {"empty", {{0, 4}, {}}},
                             {"scalar", {{}, {7.0F}}}};
  const auto read = ReadSafetensors(WriteSafetensors(tensors));
  REQUIRE(read.has_value());
  CHECK(*read == tensors);
  CHECK(ReadSafetensors(WriteSafetensors({})).value().empty());
}

TEST_CASE("The bytes are those of the public format") {
  const std::string header = R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  // 8 + 54 = 62, padded with 2 spaces to 64: the length field says 56 (0x38). 1.0F is 0x3f800000.
  REQUIRE(header.size() == 54);
  const std::string expected =
      std::string("\x38\0\0\0\0\0\0\0", 8) + header + "  " + std::string("\0\0\x80\x3f", 4);
  CHECK(WriteSafetensors({{"x", {{1}, {1.0F}}}}) == expected);
}

TEST_CASE("Metadata and another order of the data are read, as other tools write them") {
  const std::string header = R"({"__metadata__":{"format":"pt"},)" + Entry("b", "[1]", "[0,4]") +
                             "," + Entry("a", "[2]", "[4,12]") + "}";
  const auto read = ReadSafetensors(File(header, 12));
  REQUIRE(read.has_value());
  CHECK(read->size() == 2);
  RequireRefused(File(R"({"__metadata__":{"format":1}})", 0), "metadata");
}

TEST_CASE("Truncated bytes are refused at every length") {
  const std::string whole = WriteSafetensors({{"x", {{3}, {1, 2, 3}}}});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto read = ReadSafetensors(std::string_view(whole).substr(0, length));
    REQUIRE_FALSE(read.has_value());
    REQUIRE(read.error().code == ErrorCode::kDataLoss);
  }
  RequireRefused(whole + "x", "after the last tensor");
}

TEST_CASE("A header that lies about sizes is refused") {
  RequireRefused(std::string(8, '\xff'), "header is longer");
  RequireRefused(File("{" + Entry("x", "[4]", "[0,4]") + "}", 4), "disagree");
  RequireRefused(File("{" + Entry("x", "[1]", "[0,8]") + "}", 4), "outside");
  RequireRefused(File("{" + Entry("x", "[1]", "[4,0]") + "}", 4), "outside");
  RequireRefused(File("{" + Entry("x", "[4294967295,4294967295,4294967295]", "[0,4]") + "}", 4),
                 "disagree");
  RequireRefused(File("{" + Entry("x", "[99999999999]", "[0,4]") + "}", 4), "too large");
  RequireRefused(File("{" + Entry("x", "[-1]", "[0,4]") + "}", 4), "whole number");
  RequireRefused(File("{" + Entry("x", "[1,1,1,1,1,1,1,1,1]", "[0,4]") + "}", 4), "no list");
}

TEST_CASE("Holes, overlaps and doubles are refused") {
  RequireRefused(File("{" + Entry("x", "[1]", "[4,8]") + "}", 8), "hole");
  RequireRefused(
      File("{" + Entry("x", "[2]", "[0,8]") + "," + Entry("y", "[2]", "[4,12]") + "}", 12),
      "overlap");
  RequireRefused(File("{" + Entry("x", "[1]", "[0,4]") + "," + Entry("x", "[1]", "[4,8]") + "}", 8),
                 "twice");
}

TEST_CASE("What is not a header, not fp32 or not finite is refused") {
  RequireRefused(File("[]", 0), "not a JSON object");
  RequireRefused(File(" {}", 0), "not a JSON object");
  RequireRefused(File("{\"x\":", 0), "not a JSON object");
  RequireRefused(File(R"({"x":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}})", 4), "F32");
  RequireRefused(File(R"({"x":{"dtype":"F32","shape":[1]}})", 4), "data_offsets");
  RequireRefused(WriteSafetensors({{"x", {{1}, {std::numeric_limits<float>::quiet_NaN()}}}}),
                 "not finite");
  std::string deep = "{\"x\":";
  for (int i = 0; i < 50; ++i) deep += "[";
  for (int i = 0; i < 50; ++i) deep += "]";
  RequireRefused(File(deep + "}", 0), "not a JSON object");
}

}  // namespace
}  // namespace recoup::model
