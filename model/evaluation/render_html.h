// An EvaluationTable as one page that can be sent to people: it loads nothing and hides nothing.
#pragma once

#include <string>

#include "model/evaluation/evaluation_table.h"

namespace recoup::model {

/// Returns a self-contained HTML document in UTF-8: alarms, tables, calibration, PIT, segments,
/// what parts are worth, and the years of a rolling evaluation. It makes no request, needs no
/// script, and escapes every name. Each figure of RenderJson's rows stands in it, with the same
/// four decimals.
std::string RenderHtml(const EvaluationTable& table);

}  // namespace recoup::model
