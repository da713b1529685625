// Any bytes as a cell: the first byte chooses how it is read, the rest is the cell.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "graph/ingest/cell.h"
#include "graph/ingest/date_format.h"

namespace {

using namespace recoup::graph;  // NOLINT(google-build-using-namespace)

CellFormat FormatOf(std::uint8_t choice) {
  CellFormat format;
  format.type = static_cast<AttributeType>(choice % 5 + 1);
  format.decimal_comma = (choice & 0x20) != 0;
  format.decimal_shift = (choice & 0x40) != 0 ? ((choice & 0x80) != 0 ? 8 : -4) : 0;
  format.currency = *recoup::Currency::Parse((choice & 0x80) != 0 ? "JPY" : "USD");
  format.date_formats = {"%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%d-%b-%Y"};
  return format;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const CellFormat format = FormatOf(data[0]);
  const auto value = ReadCell(text, format);
  if (value.has_value() && value->has_value()) {
    RECOUP_CHECK(TypeOf(**value) == format.type);
    if (const auto* number = std::get_if<double>(&**value)) RECOUP_CHECK(std::isfinite(*number));
  }
  if (CheckDateFormat(text).has_value()) static_cast<void>(ParseDateAs("2024-12-31", text));
  static_cast<void>(IsExternalId(text));
  return 0;
}
