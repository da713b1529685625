// Splits a CSV file into records, keeps count of its lines, and goes on after broken ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/ingest/byte_source.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// A line that is not a record of the table.
struct BrokenLine {
  std::uint64_t line = 0;
  std::string text;  // its beginning, at most kBrokenLineBytes, made printable
  std::string reason;
};

inline constexpr std::size_t kBrokenLineBytes = 200;
inline constexpr std::size_t kMaxRecordBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxColumns = 4096;

/// Reads RFC 4180 with any one-byte delimiter: values may be quoted by `"`, hold newlines then, and
/// write a quote as `""`. Lines end in LF, CRLF or CR; a UTF-8 byte order mark and empty lines are
/// skipped. Values are trimmed of blanks at both ends.
/// A broken record is reported, and reading goes on: after the record, if it has another number of
/// values than the header or is not UTF-8; at the line after the one where it begins, if a quote is
/// never closed or closed in the middle, or it is longer than kMaxRecordBytes. So an open quote
/// costs one line, not the rest of the file.
/// Threads: use from one thread. Lifetime: owns its source. Memory: bounded by kMaxRecordBytes.
class CsvReader {
 public:
  /// Reads the header line. A column without a name is called `column_<n>`.
  /// Errors: kInvalidArgument (empty file, UTF-16, no UTF-8, a broken header, or a name that occurs
  /// twice; SQL does not tell upper from lower case), and those of ByteSource::Read.
  static Result<std::unique_ptr<CsvReader>> Open(std::unique_ptr<ByteSource> source,
                                                 char delimiter);

  const std::vector<std::string>& columns() const { return columns_; }

  /// Moves to the next good record; false at the end.
  /// Errors: those of ByteSource::Read.
  Result<bool> Next();

  /// Returns the values of the current record, one for each column; valid until Next.
  const std::vector<std::string_view>& values() const { return views_; }

  /// Returns the physical line on which the current record begins; the first line is 1.
  std::uint64_t line() const { return record_line_; }

  /// Returns the broken lines met since the last call, ascending.
  std::vector<BrokenLine> TakeBroken();

  /// Unit: bytes of the file as it lies on disk.
  std::uint64_t position() const { return source_->position(); }

 private:
  enum class Parsed : std::uint8_t { kRecord, kEmptyLine, kEnd, kBroken, kSkipped };

  CsvReader(std::unique_ptr<ByteSource> source, char delimiter)
      : source_(std::move(source)), delimiter_(delimiter) {}

  Result<void> ReadHeader();
  Result<void> SkipByteOrderMark();
  Result<void> NameColumns();

  // Whether the record's byte `index` exists, reading on if need be. Any failure is in failure_.
  bool Has(std::size_t index) { return begin_ + index < buffer_.size() || Fill(index); }
  char At(std::size_t index) const { return buffer_[begin_ + index]; }
  bool Fill(std::size_t index);

  Parsed ReadRecord();
  bool ReadField(std::size_t* index);
  bool ReadQuoted(std::size_t* index);
  void ReadPlain(std::size_t* index);
  std::size_t NewlineLength(std::size_t index);
  bool EndsField(std::size_t index);
  void SkipBrokenLine();
  void Consume(std::size_t bytes, std::uint64_t lines);
  std::string_view RecordStart(std::size_t length) const;
  bool AreUtf8() const;
  bool CheckRecord();
  void MakeViews();

  std::unique_ptr<ByteSource> source_;
  char delimiter_;
  std::vector<std::string> columns_;
  Result<void> failure_;  // of the source

  std::vector<char> buffer_;  // the current record begins at begin_
  std::size_t begin_ = 0;
  bool source_ended_ = false;
  std::uint64_t next_line_ = 1;    // the line at begin_
  std::uint64_t record_line_ = 0;  // of the current record

  std::string text_;                     // the record's values without quotes, in a row
  std::vector<std::size_t> field_ends_;  // in text_
  std::uint64_t newlines_ = 0;           // within quotes, so far
  std::string_view reason_;              // why the record is broken
  std::vector<std::string_view> views_;
  std::vector<BrokenLine> broken_;
};

}  // namespace recoup::graph
