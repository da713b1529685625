// Names of columns as SQL tells them apart.
#pragma once

#include <string>
#include <string_view>

namespace recoup::graph {

/// Returns `name` with its ASCII letters in lower case. To SQL two columns are the same exactly if
/// their folded names are equal.
std::string FoldedName(std::string_view name);

}  // namespace recoup::graph
