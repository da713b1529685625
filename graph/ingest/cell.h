// Reads one cell of a tape as a value. A cell that cannot be read is never guessed at.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/schema/attribute.h"
#include "graph/types/date.h"
#include "graph/types/money.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// What becomes of a word that a category does not list.
enum class OtherWords : std::uint8_t {
  kReject,   // the cell is bad
  kUnknown,  // it becomes the word `unknown`
  kNull,     // it becomes an empty cell
};

/// How the cells of one column are written.
struct CellFormat {
  AttributeType type = AttributeType::kNumber;
  int decimal_shift = 0;          // powers of ten: 3 for thousands, -2 for percent
  bool decimal_comma = false;     // 1.234,50 instead of 1,234.50
  std::optional<double> minimum;  // inclusive; of money in major units
  std::optional<double> maximum;
  Currency currency;                      // of money
  std::vector<std::string> date_formats;  // tried in order; see date_format.h
  /// Category: what each written word means; empty means that every word stands for itself.
  std::map<std::string, std::string, std::less<>> words;
  OtherWords other_words = OtherWords::kReject;
};

inline constexpr std::size_t kMaxCategoryBytes = 128;
inline constexpr std::size_t kMaxTextBytes = 4096;

/// Reads a cell that is not empty; nothing means that it counts as empty.
/// Errors: kInvalidArgument or kOutOfRange. The message is the reason alone, without the cell's
/// text, so that reasons can be counted.
Result<std::optional<AttributeValue>> ReadCell(std::string_view text, const CellFormat& format);

/// Reads a finite decimal number, times ten to the power of `decimal_shift`.
/// Errors: as ReadCell.
Result<double> ReadNumber(std::string_view text, int decimal_shift, bool decimal_comma);

/// Reads a date in the first of `formats` that fits.
/// Errors: as ReadCell.
Result<Date> ReadDate(std::string_view text, const std::vector<std::string>& formats);

/// Whether `text` can be an external id: 1 to 256 bytes without control characters.
bool IsExternalId(std::string_view text);

}  // namespace recoup::graph
