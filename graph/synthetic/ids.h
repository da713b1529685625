// The names of things in a generated tape.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "graph/synthetic/csv_table.h"

namespace recoup::graph::synthetic {

inline std::string LoanId(std::uint64_t number) { return NumberedId("L", number); }
inline std::string PartyId(std::uint64_t number) { return NumberedId("P", number); }
inline std::string LenderId(std::uint64_t number) { return NumberedId("BANK", number); }
inline std::string CollateralId(std::uint64_t number) { return NumberedId("C", number); }
inline std::string ProceedingId(std::uint64_t number) { return NumberedId("PR", number); }
inline std::string CourtId(std::uint64_t number) { return NumberedId("COURT", number); }
inline std::string RegionId(std::uint64_t number) { return NumberedId("REGION", number); }
inline std::string IndustryId(std::string_view name) { return "industry:" + std::string(name); }

}  // namespace recoup::graph::synthetic
