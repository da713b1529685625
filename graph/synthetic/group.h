// A group of debtors that hang together by guarantees: the unit in which a portfolio is generated,
// so that memory does not grow with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "graph/synthetic/random.h"
#include "graph/synthetic/world.h"
#include "graph/types/date.h"

namespace recoup::graph::synthetic {

/// How the debtors of a group guarantee each other. The names are written to truth.csv.
enum class GuaranteePattern : std::uint8_t {
  kNone,      // one debtor; guarantors from outside, if any
  kMutual,    // two debtors guarantee each other
  kChain,     // each guarantees the next
  kCircular,  // a chain whose last guarantees the first
};
std::string_view PatternName(GuaranteePattern pattern);

enum class PartyType : std::uint8_t { kCorporate, kRetail };

struct Party {
  PartyType type = PartyType::kCorporate;
  bool is_debtor = false;
  double net_assets = 0.0;
  std::optional<std::int64_t> employees{};  // corporate only
  std::optional<double> annual_income{};    // retail only
  std::uint32_t region = 0;
  std::uint32_t industry = 0;
  Date reported_on{};
};

/// Amounts are in major units, rounded to whole ones; indices are positions within the group.
struct Loan {
  std::size_t debtor = 0;
  std::uint32_t lender = 0;
  std::uint32_t court = 0;
  std::uint32_t region = 0;
  std::uint32_t product = 0;
  std::uint32_t asset_class = 0;
  double original_amount = 0.0;
  double balance = 0.0;
  double interest_rate = 0.0;
  Date origination{};
  Date default_date{};
  Date maturity{};
  Date valuation{};
};

struct Guarantee {
  std::size_t guarantor = 0;
  std::size_t loan = 0;
  double amount = 0.0;
};

struct Collateral {
  std::size_t owner = 0;
  std::uint32_t type = 0;
  double appraisal = 0.0;
  Date appraised_on{};
};

struct Lien {
  std::size_t collateral = 0;
  std::size_t loan = 0;
  std::uint32_t rank = 1;
  double registered_amount = 0.0;
};

struct Proceeding {
  std::size_t loan = 0;
  std::uint32_t type = 0;
  std::uint32_t stage = 0;  // as of the valuation date
  Date filed_on{};
};

struct Repayment {
  std::size_t loan = 0;
  Date paid_until{};
  double amount = 0.0;
};

struct Group {
  GuaranteePattern pattern = GuaranteePattern::kNone;
  std::vector<Party> parties{};
  std::vector<Loan> loans{};
  std::vector<Guarantee> guarantees{};
  std::vector<Collateral> collateral{};
  std::vector<Lien> liens{};
  std::vector<Proceeding> proceedings{};
  std::vector<Repayment> repayments{};
};

/// Words of the tape, by the numbers above.
inline constexpr std::string_view kProducts[] = {"mortgage", "consumer", "working_capital",
                                                 "equipment"};
inline constexpr std::string_view kAssetClasses[] = {"substandard", "doubtful", "loss"};
inline constexpr std::string_view kCollateralTypes[] = {"residential", "commercial", "land",
                                                        "equipment", "receivables"};
inline constexpr std::uint32_t kIndustryCount = 12;

/// Makes the group with this number: the same for the same world and number. It has 1 to
/// `most_loans` loans.
/// REQUIRES: most_loans > 0.
Group MakeGroup(const World& world, std::uint64_t number, std::uint64_t most_loans);

}  // namespace recoup::graph::synthetic
