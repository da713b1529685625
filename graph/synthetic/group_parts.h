// The steps by which a group is made; each adds one kind of thing to it.
#pragma once

#include "graph/synthetic/group.h"
#include "graph/synthetic/random.h"
#include "graph/synthetic/world.h"

namespace recoup::graph::synthetic {

/// exp(mean + spread * normal), rounded to whole major units and at least 1000.
double LogNormalAmount(double log_mean, double spread, Random* random);

/// Adds debtors and their loans, at most `most_loans`.
void AddDebtorsAndLoans(const World& world, std::uint64_t most_loans, Random* random, Group* group);

/// Adds the guarantees within the group, guarantors from outside it, and their guarantees.
void AddGuarantees(Random* random, Group* group);

/// Adds collateral and its liens; where loans share a collateral, ranks are 1 .. k in the order of
/// their origination.
void AddCollateral(Random* random, Group* group);

/// Adds what happened before the valuation: proceedings and repayments.
void AddHistory(Random* random, Group* group);

}  // namespace recoup::graph::synthetic
