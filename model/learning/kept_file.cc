#include "model/learning/kept_file.h"

#include <fstream>
#include <iterator>
#include <system_error>

#include "model/artifact/sha256.h"

namespace recoup::model {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSeal = 64;

std::string SealOf(std::string_view of_what, std::string_view bytes) {
  return Sha256Hex(Sha256Hex(of_what) + Sha256Hex(bytes));
}

}  // namespace

Result<void> KeepFile(const fs::path& path, std::string_view of_what, std::string_view bytes) {
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  const fs::path beside = path.string() + ".partial";
  {
    std::ofstream file(beside, std::ios::binary);
    file << SealOf(of_what, bytes) << bytes;
    if (!file.flush()) failed = std::make_error_code(std::errc::io_error);
  }
  if (!failed) fs::rename(beside, path, failed);
  if (!failed) return {};
  return Error{ErrorCode::kUnavailable,
               "cannot keep what is finished: " + path.string() + ": " + failed.message()};
}

std::optional<std::string> RecallFile(const fs::path& path, std::string_view of_what) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (bytes.size() < kSeal) return std::nullopt;
  const std::string seal = bytes.substr(0, kSeal);
  bytes.erase(0, kSeal);
  if (seal != SealOf(of_what, bytes)) return std::nullopt;
  return bytes;
}

}  // namespace recoup::model
