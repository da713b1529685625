// A file system that fails on demand: it fills up, or it forgets what was not synced.
#pragma once

#include <rocksdb/file_system.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace recoup {

/// Forwards to the machine's file system and remembers how much of each file was synced.
/// Threads: share freely.
class FailingFileSystem : public rocksdb::FileSystemWrapper {
 public:
  FailingFileSystem();
  const char* Name() const override { return "FailingFileSystem"; }

  /// From now on only this many more bytes can be written; then the disk is full.
  void SetBytesLeft(std::uint64_t bytes);

  /// From now on every write and sync fails, as after the plug was pulled.
  void CutPower();

  /// Cuts every file back to what was synced. REQUIRES: nobody has the files open any more.
  void ForgetUnsynced();

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  friend class TrackedFile;
  struct Lengths {
    std::uint64_t written = 0;
    std::uint64_t synced = 0;
  };

  rocksdb::IOStatus MayWrite(std::uint64_t bytes);
  rocksdb::IOStatus MaySync();

  std::mutex mutex_;
  bool power_ = true;
  std::uint64_t bytes_left_ = UINT64_MAX;
  std::map<std::string, std::shared_ptr<Lengths>> files_;
};

}  // namespace recoup
