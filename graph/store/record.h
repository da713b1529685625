// Seals a record of the store with a checksum that covers its key too.
#pragma once

#include <string>
#include <string_view>

#include "graph/types/result.h"

namespace recoup::graph {

/// Returns eight bytes of checksum, then `body`. A record that ends up under another key fails.
std::string Seal(std::string_view key, std::string_view body);

/// Returns the body of what Seal made.
/// Errors: kDataLoss (the checksum does not fit).
Result<std::string_view> Unseal(std::string_view key, std::string_view record);

}  // namespace recoup::graph
