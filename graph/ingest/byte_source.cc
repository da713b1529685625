#include "graph/ingest/byte_source.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace recoup::graph {
namespace {

constexpr unsigned kGzipBufferBytes = 1U << 17;

class FileSource final : public ByteSource {
 public:
  FileSource(gzFile file, std::string name) : file_(file), name_(std::move(name)) {
    gzbuffer(file_, kGzipBufferBytes);
  }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override { gzclose_r(file_); }

  Result<std::size_t> Read(std::span<char> buffer) override {
    const auto wanted = static_cast<unsigned>(std::min<std::size_t>(buffer.size(), 1U << 30));
    const int got = gzread(file_, buffer.data(), wanted);
    int code = Z_OK;
    if (got < static_cast<int>(wanted)) static_cast<void>(gzerror(file_, &code));
    if (code == Z_ERRNO) {
      return Error{ErrorCode::kUnavailable, "the file cannot be read: " + name_};
    }
    if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
      return Error{ErrorCode::kDataLoss, "the compressed file is damaged or cut off: " + name_};
    }
    return static_cast<std::size_t>(got);
  }

  std::uint64_t position() const override {
    return static_cast<std::uint64_t>(std::max<z_off_t>(gzoffset(file_), 0));
  }

 private:
  gzFile file_;
  std::string name_;
};

class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::span<const char> bytes) : bytes_(bytes) {}

  Result<std::size_t> Read(std::span<char> buffer) override {
    const std::size_t count = std::min(buffer.size(), bytes_.size() - position_);
    if (count > 0) std::memcpy(buffer.data(), bytes_.data() + position_, count);
    position_ += count;
    return count;
  }

  std::uint64_t position() const override { return position_; }

 private:
  std::span<const char> bytes_;
  std::size_t position_ = 0;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> OpenFile(const std::filesystem::path& path) {
  std::error_code ignored;
  gzFile file =
      std::filesystem::is_regular_file(path, ignored) ? gzopen(path.c_str(), "rb") : nullptr;
  if (file == nullptr) {
    return Error{ErrorCode::kNotFound, "no such file, or it may not be read: " + path.string()};
  }
  return std::unique_ptr<ByteSource>(std::make_unique<FileSource>(file, path.filename().string()));
}

std::unique_ptr<ByteSource> ReadMemory(std::span<const char> bytes) {
  return std::make_unique<MemorySource>(bytes);
}

}  // namespace recoup::graph
