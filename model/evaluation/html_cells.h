// Pieces of HTML tables; all text is escaped here.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "model/evaluation/bootstrap.h"

namespace recoup::model {

/// Returns `<TAG class="STYLE">TEXT</TAG>` with the text escaped; without a class if it is empty.
std::string Element(std::string_view tag, std::string_view text, std::string_view style = {});

/// Returns the element around HTML that is ready, such as a drawing.
std::string Around(std::string_view tag, std::string_view html, std::string_view style = {});

std::string FigureCell(double figure, std::string_view style = {});
std::string CountCell(std::size_t count);

/// Value and interval, coloured by what it shows; `lower_is_better` turns the colours around. Where
/// the table is narrow, the interval stands below its value.
std::string DifferenceCell(const std::optional<DifferenceEstimate>& difference,
                           bool lower_is_better = false);

/// A table that scrolls sideways where the screen is narrow.
std::string ScrollingTable(std::string_view head, std::string_view body);

}  // namespace recoup::model
