#include "server/cli/report_file.h"

#include <fstream>
#include <ostream>
#include <string>
#include <system_error>

#include "model/evaluation/render_html.h"

namespace recoup::cli {
namespace {

namespace fs = std::filesystem;

fs::path Beside(const fs::path& path) { return path.string() + ".partial"; }

Error CannotWrite(const fs::path& path, std::string_view reason) {
  return {ErrorCode::kUnavailable,
          "cannot write the report to " + path.string() + ": " + std::string(reason)};
}

}  // namespace

Result<void> CheckReportPath(const fs::path& path) {
  std::error_code ignored;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored)) {
    return Error{
        ErrorCode::kInvalidArgument,
        "the report needs the name of a file, and this is something else: " + path.string()};
  }
  if (!fs::is_directory(folder, ignored)) {
    return Error{ErrorCode::kInvalidArgument,
                 "the folder of the report does not exist: " + folder.string()};
  }
  const bool opened = std::ofstream(Beside(path)).is_open();
  fs::remove(Beside(path), ignored);
  if (!opened) return CannotWrite(path, "its folder is not writable");
  return {};
}

Result<void> WriteReport(const fs::path& path, std::string_view text) {
  RECOUP_TRY(CheckReportPath(path));
  std::error_code error;
  std::ofstream file(Beside(path), std::ios::binary);
  file << text;
  file.close();
  if (file.fail()) {
    fs::remove(Beside(path), error);
    return CannotWrite(path, "the disk failed or is full");
  }
  fs::rename(Beside(path), path, error);
  if (error) {
    const std::string reason = error.message();
    fs::remove(Beside(path), error);
    return CannotWrite(path, reason);
  }
  return {};
}

Result<void> ShowTable(const model::EvaluationTable& table, std::string_view format,
                       const fs::path& html, const CommandIo& io) {
  io.out << (format == "json" ? model::RenderJson(table) : model::RenderText(table));
  if (html.empty()) return {};
  RECOUP_TRY(WriteReport(html, model::RenderHtml(table)));
  io.err << "report written to " << html.string() << "\n";
  return {};
}

}  // namespace recoup::cli
