// SHA-256 as text; the only place of this folder that knows OpenSSL.
#pragma once

#include <string>
#include <string_view>

namespace recoup::model {

/// Returns the SHA-256 of `bytes` in lower-case hex, 64 characters.
std::string Sha256Hex(std::string_view bytes);

}  // namespace recoup::model
