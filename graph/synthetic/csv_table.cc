#include "graph/synthetic/csv_table.h"

#include <cmath>
#include <cstdint>

namespace recoup::graph::synthetic {

Result<CsvTable> CsvTable::Create(const std::filesystem::path& path, std::string_view header) {
  CsvTable table;
  table.path_ = path;
  table.file_.open(path, std::ios::binary | std::ios::trunc);
  table.file_ << header << '\n';
  if (!table.file_) {
    return Error{ErrorCode::kUnavailable, "cannot write the file: " + path.string()};
  }
  return table;
}

void CsvTable::Row(std::initializer_list<std::string_view> values) {
  line_.clear();
  for (const std::string_view value : values) {
    line_ += value;
    line_ += ',';
  }
  line_.back() = '\n';
  file_ << line_;
}

Result<void> CsvTable::Finish() {
  file_.close();
  if (!file_) return Error{ErrorCode::kUnavailable, "cannot write the file: " + path_.string()};
  return {};
}

std::string Decimal(double value, int digits) {
  std::uint64_t unit = 1;
  for (int i = 0; i < digits; ++i) unit *= 10;
  const auto scaled =
      static_cast<std::uint64_t>(std::floor(std::fabs(value) * static_cast<double>(unit) + 0.5));
  std::string text = std::to_string(scaled / unit);
  if (digits > 0) {
    const std::string fraction = std::to_string(scaled % unit);
    text += '.';
    text.append(static_cast<std::size_t>(digits) - fraction.size(), '0');
    text += fraction;
  }
  return value < 0.0 && scaled > 0 ? "-" + text : text;
}

std::string NumberedId(std::string_view prefix, std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string id(prefix);
  if (digits.size() < 7) id.append(7 - digits.size(), '0');
  return id + digits;
}

}  // namespace recoup::graph::synthetic
