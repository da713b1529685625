#include "graph/ingest/csv_reader.h"

#include <algorithm>
#include <set>
#include <utility>

#include "graph/ingest/column_name.h"
#include "graph/ingest/utf8.h"

namespace recoup::graph {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 16;
constexpr std::string_view kNeverClosed = "a quoted value is never closed";

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

std::string Printable(std::string_view bytes) {
  std::string text(bytes.substr(0, kBrokenLineBytes));
  const bool is_utf8 = IsUtf8(text);
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !is_utf8)) c = '?';
  }
  return text;
}

Error BadFile(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

}  // namespace

Result<std::unique_ptr<CsvReader>> CsvReader::Open(std::unique_ptr<ByteSource> source,
                                                   char delimiter) {
  std::unique_ptr<CsvReader> reader(new CsvReader(std::move(source), delimiter));
  RECOUP_TRY(reader->ReadHeader());
  return reader;
}

Result<void> CsvReader::SkipByteOrderMark() {
  const bool two_bytes = Has(1);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(At(i)); };
  if (two_bytes && ((byte(0) == 0xff && byte(1) == 0xfe) || (byte(0) == 0xfe && byte(1) == 0xff))) {
    return BadFile("the file is UTF-16; convert it to UTF-8");
  }
  if (Has(2) && byte(0) == 0xef && byte(1) == 0xbb && byte(2) == 0xbf) Consume(3, 0);
  return failure_;
}

Result<void> CsvReader::ReadHeader() {
  RECOUP_TRY(SkipByteOrderMark());
  Parsed parsed = ReadRecord();
  while (parsed == Parsed::kEmptyLine) parsed = ReadRecord();
  RECOUP_TRY(failure_);
  if (parsed == Parsed::kEnd)
    return BadFile("the file is empty; its first line must name the columns");
  if (parsed == Parsed::kBroken || parsed == Parsed::kSkipped) {
    return BadFile("the header line cannot be read: " + std::string(reason_));
  }
  return NameColumns();
}

Result<void> CsvReader::NameColumns() {
  MakeViews();
  if (views_.size() > kMaxColumns) return BadFile("the file has more than 4096 columns");
  std::set<std::string> seen;
  for (const std::string_view view : views_) {
    std::string name(view);
    if (name.empty()) name = "column_" + std::to_string(columns_.size() + 1);
    if (!IsUtf8(name)) return BadFile("the header is not UTF-8");
    if (!seen.insert(FoldedName(name)).second) {
      return BadFile("the header names a column twice: " + name);
    }
    columns_.push_back(std::move(name));
  }
  return {};
}

Result<bool> CsvReader::Next() {
  while (true) {
    const Parsed parsed = ReadRecord();
    RECOUP_TRY(failure_);
    if (parsed == Parsed::kEnd) return false;
    if (parsed == Parsed::kEmptyLine || parsed == Parsed::kSkipped) continue;
    if (parsed == Parsed::kBroken) {
      SkipBrokenLine();
      RECOUP_TRY(failure_);
      continue;
    }
    MakeViews();
    return true;
  }
}

bool CsvReader::Fill(std::size_t index) {
  if (begin_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
    begin_ = 0;
  }
  while (!source_ended_ && failure_.has_value() && buffer_.size() <= index) {
    const std::size_t before = buffer_.size();
    buffer_.resize(before + kReadBytes);
    const Result<std::size_t> got = source_->Read(std::span(buffer_).subspan(before));
    if (!got.has_value()) failure_ = got.error();
    const std::size_t count = got.has_value() ? *got : 0;
    buffer_.resize(before + count);
    source_ended_ = count == 0;
  }
  return index < buffer_.size();
}

void CsvReader::Consume(std::size_t bytes, std::uint64_t lines) {
  begin_ += bytes;
  next_line_ += lines;
}

std::size_t CsvReader::NewlineLength(std::size_t index) {
  if (!Has(index)) return 0;
  if (At(index) == '\n') return 1;
  if (At(index) != '\r') return 0;
  return Has(index + 1) && At(index + 1) == '\n' ? 2 : 1;
}

bool CsvReader::EndsField(std::size_t index) {
  return !Has(index) || At(index) == delimiter_ || At(index) == '\n' || At(index) == '\r';
}

CsvReader::Parsed CsvReader::ReadRecord() {
  text_.clear();
  field_ends_.clear();
  newlines_ = 0;
  record_line_ = next_line_;
  if (!Has(0)) return Parsed::kEnd;
  if (const std::size_t length = NewlineLength(0); length > 0) {
    Consume(length, 1);
    return Parsed::kEmptyLine;
  }
  std::size_t index = 0;
  while (true) {
    if (!ReadField(&index)) return Parsed::kBroken;
    field_ends_.push_back(text_.size());
    if (!Has(index) || At(index) != delimiter_) break;
    ++index;
  }
  const bool good = CheckRecord();
  const std::string start = good ? std::string() : Printable(RecordStart(index));
  Consume(index + NewlineLength(index), newlines_ + 1);
  if (good) return Parsed::kRecord;
  // Its end is known, so all of it is left out: a line within quotes must not pass for a record.
  broken_.push_back({record_line_, start, std::string(reason_)});
  return Parsed::kSkipped;
}

std::string_view CsvReader::RecordStart(std::size_t length) const {
  return {buffer_.data() + begin_, std::min(length, kBrokenLineBytes)};
}

// Each value by itself: halves of a character in two values are not one when they meet here.
bool CsvReader::AreUtf8() const {
  std::size_t begin = 0;
  for (const std::size_t end : field_ends_) {
    if (!IsUtf8(std::string_view(text_).substr(begin, end - begin))) return false;
    begin = end;
  }
  return true;
}

bool CsvReader::CheckRecord() {
  if (!columns_.empty() && field_ends_.size() != columns_.size()) {
    reason_ = field_ends_.size() < columns_.size() ? "fewer values than the header has columns"
                                                   : "more values than the header has columns";
  } else if (!AreUtf8()) {
    reason_ = "not UTF-8";
  } else {
    return true;
  }
  return false;
}

bool CsvReader::ReadField(std::size_t* index) {
  if (Has(*index) && At(*index) == '"') return ReadQuoted(index);
  ReadPlain(index);
  reason_ = "longer than 1 MiB";
  return text_.size() <= kMaxRecordBytes;
}

void CsvReader::ReadPlain(std::size_t* index) {
  std::size_t i = *index;
  while (!EndsField(i) && text_.size() <= kMaxRecordBytes) text_.push_back(At(i++));
  *index = i;
}

bool CsvReader::ReadQuoted(std::size_t* index) {
  std::size_t i = *index + 1;
  reason_ = kNeverClosed;
  while (true) {
    if (!Has(i) || i > kMaxRecordBytes) return false;
    const char c = At(i);
    if (c == '"') {
      if (!Has(i + 1) || At(i + 1) != '"') break;
      ++i;
    } else if (c == '\n' || (c == '\r' && !(Has(i + 1) && At(i + 1) == '\n'))) {
      ++newlines_;
    }
    text_.push_back(c);
    ++i;
  }
  ++i;
  while (Has(i) && (At(i) == ' ' || At(i) == '\t') && At(i) != delimiter_) ++i;
  *index = i;
  reason_ = newlines_ > 0 ? kNeverClosed : "text after a closing quote";
  return EndsField(i);
}

void CsvReader::SkipBrokenLine() {
  std::string start;
  std::size_t i = 0;
  while (NewlineLength(i) == 0 && Has(i)) {
    if (start.size() < kBrokenLineBytes) start.push_back(At(i));
    ++i;
    if (i < kReadBytes) continue;
    Consume(i, 0);  // so that one endless line does not fill the memory
    i = 0;
  }
  broken_.push_back({record_line_, Printable(start), std::string(reason_)});
  Consume(i + NewlineLength(i), 1);
}

std::vector<BrokenLine> CsvReader::TakeBroken() { return std::exchange(broken_, {}); }

void CsvReader::MakeViews() {
  views_.clear();
  std::size_t begin = 0;
  for (const std::size_t end : field_ends_) {
    views_.push_back(Trim(std::string_view(text_).substr(begin, end - begin)));
    begin = end;
  }
}

}  // namespace recoup::graph
