#include "graph/ingest/rejects_file.h"

#include <string_view>

namespace recoup::graph {
namespace {

std::string CsvCell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted.push_back('"');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

}  // namespace

Result<void> RejectsFile::Open(const std::filesystem::path& path) {
  path_ = path;
  if (path.empty()) return {};
  file_.open(path, std::ios::binary | std::ios::trunc);
  file_ << "file,line,column,value,reason\n";
  if (file_) return {};
  return Error{ErrorCode::kUnavailable, "the file of rejects cannot be written: " + path.string()};
}

void RejectsFile::Add(const Reject& reject) {
  if (path_.empty()) return;
  file_ << CsvCell(reject.file) << ',' << reject.line << ',' << CsvCell(reject.column) << ','
        << CsvCell(reject.value) << ',' << CsvCell(reject.reason) << '\n';
}

Result<void> RejectsFile::Close() {
  if (path_.empty()) return {};
  file_.close();
  if (file_) return {};
  return Error{ErrorCode::kUnavailable, "the file of rejects cannot be written: " + path_.string()};
}

}  // namespace recoup::graph
