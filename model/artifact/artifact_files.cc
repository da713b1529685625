#include "model/artifact/artifact_files.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

namespace recoup::model {
namespace {

namespace fs = std::filesystem;

Error DiskError(const std::string& what, const fs::path& path, int code) {
  return {ErrorCode::kUnavailable,
          what + ": " + path.string() + ": " + std::generic_category().message(code)};
}

// An open file that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool open() const { return number_ >= 0; }
  int number() const { return number_; }
  // Closing may report a write that failed late.
  bool Close() { return ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

Result<void> WriteDurably(const fs::path& path, const std::string& bytes) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file.open()) return DiskError("file was not created", path, errno);
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t step = ::write(file.number(), bytes.data() + written, bytes.size() - written);
    if (step < 0 && errno == EINTR) continue;
    if (step <= 0) return DiskError("file was not written", path, errno);
    written += static_cast<std::size_t>(step);
  }
  if (::fsync(file.number()) != 0 || !file.Close()) {
    return DiskError("file was not made durable", path, errno);
  }
  return {};
}

Result<void> SyncDirectory(const fs::path& path) {
  const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.open() || ::fsync(directory.number()) != 0) {
    return DiskError("directory was not made durable", path, errno);
  }
  return {};
}

Error Exists(const fs::path& directory) {
  return {ErrorCode::kAlreadyExists, "model directory exists already: " + directory.string()};
}

// rename() alone would replace an empty directory that somebody made meanwhile.
Result<void> RenameToNew(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return {};
  const bool unsupported = errno == EINVAL || errno == ENOSYS;
  if (unsupported && ::rename(from.c_str(), to.c_str()) == 0) return {};
  if (errno == EEXIST || errno == ENOTEMPTY) return Exists(to);
  return DiskError("directory was not renamed", to, errno);
}

Result<void> FillDirectory(const fs::path& partial, const fs::path& directory,
                           const std::map<std::string, std::string>& files) {
  for (const auto& [name, bytes] : files) RECOUP_TRY(WriteDurably(partial / name, bytes));
  RECOUP_TRY(SyncDirectory(partial));
  RECOUP_TRY(RenameToNew(partial, directory));
  return SyncDirectory(directory.parent_path());
}

// Unique within the machine: two processes, or two threads, may write the same model.
fs::path PartialSibling(const fs::path& directory) {
  static std::atomic<unsigned> count{0};
  return directory.parent_path() / ("." + directory.filename().string() + ".partial-" +
                                    std::to_string(::getpid()) + "-" + std::to_string(count++));
}

// An absolute path without a trailing slash, so that it has a parent and a name.
fs::path Absolute(const fs::path& directory) {
  std::error_code code;
  fs::path target = fs::absolute(directory, code).lexically_normal();
  return target.has_filename() ? target : target.parent_path();
}

Result<void> Exchange(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) != 0) {
    return DiskError("directory was not exchanged", to, errno);
  }
  return SyncDirectory(to.parent_path());
}

}  // namespace

Result<std::string> ReadWholeFile(const fs::path& path, std::uint64_t max_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.open()) {
    if (errno == ENOENT) return Error{ErrorCode::kNotFound, "no such file: " + path.string()};
    return DiskError("file was not opened", path, errno);
  }
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return DiskError("file was not read", path, errno);
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorCode::kDataLoss, "not a plain file: " + path.string()};
  }
  if (static_cast<std::uint64_t>(status.st_size) > max_bytes) {
    return Error{ErrorCode::kDataLoss,
                 "file is larger than " + std::to_string(max_bytes) + " bytes: " + path.string()};
  }
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t step = ::read(file.number(), bytes.data() + done, bytes.size() - done);
    if (step < 0 && errno == EINTR) continue;
    if (step < 0) return DiskError("file was not read", path, errno);
    if (step == 0) break;  // somebody cut it meanwhile; its checksum will tell
    done += static_cast<std::size_t>(step);
  }
  bytes.resize(done);
  return bytes;
}

Result<void> WriteNewDirectory(const fs::path& directory,
                               const std::map<std::string, std::string>& files) {
  std::error_code code;
  const fs::path target = Absolute(directory);
  if (fs::exists(fs::symlink_status(target, code))) return Exists(directory);
  fs::create_directories(target.parent_path(), code);
  if (code) return DiskError("directory was not created", target.parent_path(), code.value());
  const fs::path partial = PartialSibling(target);
  if (!fs::create_directory(partial, code)) {
    return DiskError("directory was not created", partial, code ? code.value() : EEXIST);
  }
  Result<void> filled = FillDirectory(partial, target, files);
  if (!filled) fs::remove_all(partial, code);
  return filled;
}

Result<void> ReplaceDirectory(const fs::path& directory,
                              const std::map<std::string, std::string>& files) {
  std::error_code code;
  const fs::path target = Absolute(directory);
  if (!fs::is_directory(target, code)) {
    return Error{ErrorCode::kNotFound, "no such directory: " + directory.string()};
  }
  const fs::path fresh = PartialSibling(target);
  RECOUP_TRY(WriteNewDirectory(fresh, files));
  const Result<void> exchanged = Exchange(fresh, target);
  fs::remove_all(fresh, code);  // the old one, or what could not take its place
  return exchanged;
}

}  // namespace recoup::model
