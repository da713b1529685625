// Tells whether bytes are UTF-8.
#pragma once

#include <string_view>

namespace recoup::graph {

/// Whether `bytes` is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates) without NUL.
bool IsUtf8(std::string_view bytes);

}  // namespace recoup::graph
