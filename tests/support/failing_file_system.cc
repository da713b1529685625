#include "tests/support/failing_file_system.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace recoup {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

/// Counts what is written to one file and what of it is synced.
class TrackedFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  TrackedFile(std::unique_ptr<rocksdb::FSWritableFile> file, FailingFileSystem* system,
              std::shared_ptr<FailingFileSystem::Lengths> lengths)
      : FSWritableFileOwnerWrapper(std::move(file)),
        system_(system),
        lengths_(std::move(lengths)) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    return Counted(data.size(), [&] { return target()->Append(data, options, debug); });
  }

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& info, IODebugContext* debug) override {
    return Counted(data.size(), [&] { return target()->Append(data, options, info, debug); });
  }

  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    const IOStatus status = target()->Truncate(size, options, debug);
    if (status.ok()) lengths_->written = size;
    return status;
  }

  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return Synced([&] { return target()->Sync(options, debug); });
  }

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Synced([&] { return target()->Fsync(options, debug); });
  }

 private:
  template <typename Write>
  IOStatus Counted(std::uint64_t bytes, Write write) {
    IOStatus status = system_->MayWrite(bytes);
    if (status.ok()) status = write();
    if (status.ok()) lengths_->written += bytes;
    return status;
  }

  template <typename Sync>
  IOStatus Synced(Sync sync) {
    IOStatus status = system_->MaySync();
    if (status.ok()) status = sync();
    if (status.ok()) lengths_->synced = lengths_->written;
    return status;
  }

  FailingFileSystem* const system_;
  const std::shared_ptr<FailingFileSystem::Lengths> lengths_;
};

FailingFileSystem::FailingFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

void FailingFileSystem::SetBytesLeft(std::uint64_t bytes) {
  const std::lock_guard guard(mutex_);
  bytes_left_ = bytes;
}

void FailingFileSystem::CutPower() {
  const std::lock_guard guard(mutex_);
  power_ = false;
}

void FailingFileSystem::ForgetUnsynced() {
  const std::lock_guard guard(mutex_);
  for (const auto& [path, lengths] : files_) {
    if (!std::filesystem::exists(path)) continue;
    const std::uint64_t kept = std::min(lengths->synced, std::filesystem::file_size(path));
    std::filesystem::resize_file(path, kept);
  }
}

IOStatus FailingFileSystem::MayWrite(std::uint64_t bytes) {
  const std::lock_guard guard(mutex_);
  if (!power_) return IOStatus::IOError("the power is cut");
  if (bytes > bytes_left_) return IOStatus::NoSpace("the disk is full");
  bytes_left_ -= bytes;
  return IOStatus::OK();
}

IOStatus FailingFileSystem::MaySync() {
  const std::lock_guard guard(mutex_);
  return power_ ? IOStatus::OK() : IOStatus::IOError("the power is cut");
}

IOStatus FailingFileSystem::NewWritableFile(const std::string& path,
                                            const rocksdb::FileOptions& options,
                                            std::unique_ptr<rocksdb::FSWritableFile>* file,
                                            IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSWritableFile> opened;
  const IOStatus status = target()->NewWritableFile(path, options, &opened, debug);
  if (!status.ok()) return status;
  auto lengths = std::make_shared<Lengths>();
  const std::lock_guard guard(mutex_);
  files_[path] = lengths;
  *file = std::make_unique<TrackedFile>(std::move(opened), this, std::move(lengths));
  return status;
}

IOStatus FailingFileSystem::ReopenWritableFile(const std::string& path,
                                               const rocksdb::FileOptions& options,
                                               std::unique_ptr<rocksdb::FSWritableFile>* file,
                                               IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSWritableFile> opened;
  const IOStatus status = target()->ReopenWritableFile(path, options, &opened, debug);
  if (!status.ok()) return status;
  auto lengths = std::make_shared<Lengths>();
  lengths->written = lengths->synced = std::filesystem::file_size(path);
  const std::lock_guard guard(mutex_);
  files_[path] = lengths;
  *file = std::make_unique<TrackedFile>(std::move(opened), this, std::move(lengths));
  return status;
}

IOStatus FailingFileSystem::RenameFile(const std::string& from, const std::string& to,
                                       const IOOptions& options, IODebugContext* debug) {
  const IOStatus status = target()->RenameFile(from, to, options, debug);
  const std::lock_guard guard(mutex_);
  const auto found = files_.find(from);
  if (status.ok() && found != files_.end()) {
    files_[to] = found->second;
    files_.erase(found);
  }
  return status;
}

IOStatus FailingFileSystem::DeleteFile(const std::string& path, const IOOptions& options,
                                       IODebugContext* debug) {
  const IOStatus status = target()->DeleteFile(path, options, debug);
  const std::lock_guard guard(mutex_);
  if (status.ok()) files_.erase(path);
  return status;
}

}  // namespace recoup
