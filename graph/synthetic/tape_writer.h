// Writes the tables of a tape: what a buyer of the portfolio would be given, and nothing hidden.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "graph/synthetic/generate_portfolio.h"
#include "graph/synthetic/group.h"
#include "graph/synthetic/mechanism.h"
#include "graph/synthetic/world.h"

namespace recoup::graph::synthetic {

/// Numbers parties, loans and so on through the whole tape and counts them in `report`.
/// Threads: use from one thread. Lifetime: `report` must outlive it.
class TapeWriter {
 public:
  /// Writes the tables that all groups share. REQUIRES: `folder` exists.
  /// Errors: kUnavailable.
  static Result<std::unique_ptr<TapeWriter>> Create(const std::filesystem::path& folder,
                                                    const World& world, Currency currency,
                                                    GenerateReport* report);
  ~TapeWriter();

  /// Appends one group; outcomes[i] is that of its loan i and is written if it is known by `as_of`.
  void Write(const Group& group, const std::vector<Outcome>& outcomes, Date as_of);

  /// Errors: kUnavailable.
  Result<void> Finish();

 private:
  struct Tables;
  TapeWriter(std::unique_ptr<Tables> tables, Currency currency, GenerateReport* report);

  std::string Amount(double major) const;
  void WriteParties(const Group& group);
  void WriteLoans(const Group& group, const std::vector<Outcome>& outcomes, Date as_of);
  void WriteCollateral(const Group& group);
  void WriteHistory(const Group& group);

  std::unique_ptr<Tables> tables_;
  Currency currency_;
  GenerateReport* report_;
};

}  // namespace recoup::graph::synthetic
