#include "model/artifact/manifest.h"

#include <algorithm>

#include "model/artifact/sha256.h"
#include "model/artifact/strict_json.h"

namespace recoup::model {
namespace {

using nlohmann::json;

constexpr std::string_view kFormatName = "recoup-model";
constexpr std::size_t kSealDigits = 64;
constexpr std::size_t kMaxVersionLength = 64;

Error Damaged(const std::string& what) {
  return {ErrorCode::kDataLoss, "manifest.json is damaged: " + what};
}

std::string Render(const Manifest& manifest, std::string_view seal) {
  std::string text = "{\n  \"format\": \"" + std::string(kFormatName) + "\",\n";
  text += "  \"format_version\": " + std::to_string(manifest.format_version) + ",\n";
  text += "  \"version\": " + json(manifest.version).dump() + ",\n  \"sha256\": {";
  const char* separator = "\n";
  for (const auto& [name, digest] : manifest.sha256) {
    text += separator + ("    " + json(name).dump()) + ": " + json(digest).dump();
    separator = ",\n";
  }
  text += "\n  },\n  \"seal\": \"";
  text += seal;
  return text + "\"\n}\n";
}

// Returns the format's version.
Result<std::uint64_t> ReadFormat(const json& value) {
  if (!value.is_object() || !value.contains("format") || value["format"] != kFormatName) {
    return Error{ErrorCode::kInvalidArgument,
                 "not a Recoup model: manifest.json does not say \"format\": \"recoup-model\""};
  }
  const auto version = UnsignedMember(value, "format_version", UINT64_MAX);
  if (!version || *version == 0) return Damaged("no format_version");
  if (*version > kModelFormatVersion) {
    return Error{ErrorCode::kFailedPrecondition,
                 "model was written by a newer Recoup, upgrade to read it: format " +
                     std::to_string(*version) + ", known up to " +
                     std::to_string(kModelFormatVersion)};
  }
  return *version;
}

}  // namespace

Result<void> CheckModelVersion(std::string_view version) {
  const bool known = std::all_of(version.begin(), version.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || c == '+' || c == '-';
  });
  if (version.empty() || version.size() > kMaxVersionLength || !known) {
    return Error{ErrorCode::kInvalidArgument,
                 "model version must be 1 to 64 letters, digits or ._+-: " + std::string(version)};
  }
  return {};
}

std::string WriteManifest(const Manifest& manifest) {
  const std::string open = Render(manifest, std::string(kSealDigits, '0'));
  return Render(manifest, Sha256Hex(open));
}

Result<Manifest> ReadManifest(std::string_view text) {
  const auto value = ParseStrictJson(text);
  if (!value) return Damaged("not JSON");
  Manifest manifest;
  RECOUP_ASSIGN(manifest.format_version, ReadFormat(*value));
  const json& root = *value;
  if (!root.contains("version") || !root["version"].is_string()) return Damaged("no version");
  manifest.version = root["version"].get<std::string>();
  if (!CheckModelVersion(manifest.version)) return Damaged("version has unknown characters");
  if (!root.contains("sha256") || !root["sha256"].is_object()) return Damaged("no sha256");
  for (const auto& [name, digest] : root["sha256"].items()) {
    if (!digest.is_string()) return Damaged("no checksum of " + name);
    manifest.sha256.emplace(name, digest.get<std::string>());
  }
  // The text is canonical, so writing it again tells any damage, even in white space.
  if (WriteManifest(manifest) != text) return Damaged("seal does not match");
  return manifest;
}

}  // namespace recoup::model
