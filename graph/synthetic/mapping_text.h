// The mapping file that lies beside a generated tape.
#pragma once

#include <string>

#include "graph/types/money.h"

namespace recoup::graph::synthetic {

/// Returns docs/examples/synthetic/mapping.toml, as it was when this was built, for this currency.
std::string MappingText(Currency currency);

}  // namespace recoup::graph::synthetic
