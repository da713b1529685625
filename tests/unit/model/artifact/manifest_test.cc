#include "model/artifact/manifest.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::model {
namespace {

Manifest Small() { return {"2026-11-20-1", {{"a.json", "00ff"}, {"b.bin", "1234"}}}; }

void RequireError(std::string_view text, ErrorCode code, const std::string& part) {
  const Result<Manifest> read = ReadManifest(text);
  REQUIRE_FALSE(read.has_value());
  INFO(read.error().message);
  CHECK(read.error().code == code);
  CHECK(read.error().message.find(part) != std::string::npos);
}

TEST_CASE("A manifest survives writing and reading") {
  CHECK(ReadManifest(WriteManifest(Small())).value() == Small());
  const Manifest empty{"v", {}};
  CHECK(ReadManifest(WriteManifest(empty)).value() == empty);
}

TEST_CASE("A manifest without an ensemble has the same bytes as before there were any") {
  CHECK(WriteManifest({"v", {{"a.json", "00ff"}}}) == R"({
  "format": "recoup-model",
  "format_version": 1,
  "version": "v",
  "sha256": {
    "a.json": "00ff"
  },
  "seal": "2da372c0f8cc222ad564efb37208ff72b3f5e1528dac0aa9083530839b812132"
}
)");
}

TEST_CASE("The format's version survives writing and reading") {
  Manifest manifest = Small();
  manifest.format_version = kEnsembleFormatVersion;
  const std::string text = WriteManifest(manifest);
  CHECK(text.find("\"format_version\": 2,") != std::string::npos);
  CHECK(ReadManifest(text).value() == manifest);
  manifest.format_version = kQuantizedFormatVersion;
  CHECK(WriteManifest(manifest).find("\"format_version\": 3,") != std::string::npos);
  CHECK(ReadManifest(WriteManifest(manifest)).value() == manifest);
}

TEST_CASE("Every byte of a manifest is sealed, white space included") {
  const std::string whole = WriteManifest(Small());
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    INFO(at);
    REQUIRE_FALSE(ReadManifest(damaged).has_value());
  }
  RequireError(whole + "\n", ErrorCode::kDataLoss, "seal");
  RequireError(whole.substr(0, whole.size() - 1), ErrorCode::kDataLoss, "seal");
}

TEST_CASE("A checksum that is changed breaks the seal") {
  std::string text = WriteManifest(Small());
  text.replace(text.find("00ff"), 4, "00fe");
  RequireError(text, ErrorCode::kDataLoss, "seal");
}

TEST_CASE("Other JSON is no model, and what is no JSON is damage") {
  RequireError("{}", ErrorCode::kInvalidArgument, "not a Recoup model");
  RequireError("[1]", ErrorCode::kInvalidArgument, "not a Recoup model");
  RequireError(R"({"format":"other"})", ErrorCode::kInvalidArgument, "not a Recoup model");
  RequireError("", ErrorCode::kDataLoss, "not JSON");
}

TEST_CASE("A newer format is told before anything else in it") {
  RequireError(R"({"format":"recoup-model","format_version":4})", ErrorCode::kFailedPrecondition,
               "newer");
  RequireError(R"({"format":"recoup-model","format_version":0})", ErrorCode::kDataLoss,
               "format_version");
  RequireError(R"({"format":"recoup-model","format_version":"1"})", ErrorCode::kDataLoss,
               "format_version");
}

TEST_CASE("What is missing or of another type is named") {
  const std::string head = R"({"format":"recoup-model","format_version":1)";
  RequireError(head + "}", ErrorCode::kDataLoss, "no version");
  RequireError(head + R"(,"version":7})", ErrorCode::kDataLoss, "no version");
  RequireError(head + R"(,"version":"a/b"})", ErrorCode::kDataLoss, "version");
  RequireError(head + R"(,"version":"v"})", ErrorCode::kDataLoss, "no sha256");
  RequireError(head + R"(,"version":"v","sha256":{"a":1}})", ErrorCode::kDataLoss,
               "no checksum of a");
}

TEST_CASE("A version is a short plain name") {
  CHECK(CheckModelVersion("2026-11-20_b.1+x").has_value());
  CHECK(CheckModelVersion(std::string(64, 'v')).has_value());
  for (const std::string& bad :
       {std::string(), std::string(65, 'v'), std::string("a b"), std::string("a/b"),
        std::string("\xc3\xbc"), std::string(1, '\0')}) {
    const Result<void> checked = CheckModelVersion(bad);
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().code == ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace recoup::model
