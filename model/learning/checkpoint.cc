#include "model/learning/checkpoint.h"

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include "model/artifact/sha256.h"

namespace recoup::model {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigest = 64;

// A file that was renamed is not another step.
std::string SealOf(const std::string& fingerprint, std::string_view step, std::string_view bytes) {
  return Sha256Hex(fingerprint + "\n" + std::string(step) + "\n" + std::string(bytes));
}

std::string BytesOf(std::span<const double> numbers) {
  std::string bytes(numbers.size_bytes(), '\0');
  if (!numbers.empty()) std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

}  // namespace

// The file's name is short, so the fingerprint stands in the seal: a digest of all that counts.
fs::path Checkpoint::PathOf(std::string_view step) const {
  return folder_ / (std::string(step) + ".step");
}

std::optional<std::vector<double>> Checkpoint::Read(std::string_view step) const {
  if (folder_.empty()) return std::nullopt;
  std::ifstream file(PathOf(step), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (bytes.size() < kDigest || (bytes.size() - kDigest) % sizeof(double) != 0) return std::nullopt;
  const std::string numbers = bytes.substr(kDigest);
  if (bytes.substr(0, kDigest) != SealOf(fingerprint_, step, numbers)) return std::nullopt;
  std::vector<double> values(numbers.size() / sizeof(double));
  if (!values.empty()) std::memcpy(values.data(), numbers.data(), numbers.size());
  return values;
}

Result<void> Checkpoint::Write(std::string_view step, std::span<const double> numbers) const {
  if (folder_.empty()) return {};
  std::error_code failed;
  fs::create_directories(folder_, failed);
  const fs::path path = PathOf(step);
  const fs::path beside = path.string() + ".partial";
  const std::string bytes = BytesOf(numbers);
  {
    std::ofstream file(beside, std::ios::binary);
    file << SealOf(fingerprint_, step, bytes) << bytes;
    if (!file.flush()) failed = std::make_error_code(std::errc::io_error);
  }
  if (!failed) fs::rename(beside, path, failed);
  if (!failed) return {};
  return Error{ErrorCode::kUnavailable,
               "cannot keep a finished step: " + path.string() + ": " + failed.message()};
}

void Checkpoint::Clear() const {
  if (folder_.empty()) return;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    if (entry.path().extension() == ".step") fs::remove(entry.path(), ignored);
  }
  fs::remove(folder_, ignored);  // only if nothing else is in it
}

}  // namespace recoup::model
