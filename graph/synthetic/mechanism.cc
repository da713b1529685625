#include "graph/synthetic/mechanism.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "graph/synthetic/exact_math.h"

namespace recoup::graph::synthetic {
namespace {

constexpr std::array<double, 3> kClassEffect = {0.43, -0.06, -0.62};
constexpr std::array<double, 4> kProductEffect = {0.13, -0.15, -0.06, 0.11};

// By collateral type: what a forced sale brings of the appraised value.
constexpr std::array<double, 5> kSaleShare = {0.85, 0.70, 0.60, 0.40, 0.35};
// What an appraisal loses a year.
constexpr double kAppraisalDecay = 0.05;

// Means over a large portfolio, so that the components are centred.
constexpr double kMeanCover = 0.355;
constexpr double kMeanSupport = 0.33;
constexpr double kMeanStrength = 0.475;

double Years(Date from, Date to) { return static_cast<double>(DaysBetween(from, to)) / 365.25; }

double OwnEffect(const Loan& loan) {
  const double age = Years(loan.origination, loan.default_date);
  return kClassEffect[loan.asset_class] + kProductEffect[loan.product] - 0.07 * (age - 3.55) -
         0.11 * (Log(loan.balance) - 13.4);
}

// Pays out each collateral in order of rank; returns for each loan what it gets.
std::vector<double> CollateralProceeds(const Group& group) {
  std::vector<double> left;
  for (const Collateral& collateral : group.collateral) {
    left.push_back(collateral.appraisal * kSaleShare[collateral.type]);
  }
  // Liens of one collateral stand in the order of their ranks.
  std::vector<double> proceeds(group.loans.size(), 0.0);
  for (const Lien& lien : group.liens) {
    const Date appraised_on = group.collateral[lien.collateral].appraised_on;
    const double age = Years(appraised_on, group.loans[lien.loan].valuation);
    const double available = left[lien.collateral] * (1.0 - kAppraisalDecay * std::min(age, 5.0));
    const double paid = std::min(available, lien.registered_amount);
    left[lien.collateral] = std::max(0.0, left[lien.collateral] - paid);
    proceeds[lien.loan] += paid;
  }
  return proceeds;
}

// A guarantor that has defaulted itself answers for its own debts first: this is what makes a
// circle of guarantees worth less than the sum of its promises. What is left is spent once, pro
// rata.
std::vector<double> GuarantorSupport(const Group& group) {
  std::vector<double> free_assets;
  for (const Party& party : group.parties) free_assets.push_back(party.net_assets);
  for (const Loan& loan : group.loans) free_assets[loan.debtor] -= 0.5 * loan.balance;
  std::vector<double> promised(group.parties.size(), 0.0);
  for (const Guarantee& guarantee : group.guarantees) {
    promised[guarantee.guarantor] += guarantee.amount;
  }
  std::vector<double> support(group.loans.size(), 0.0);
  for (const Guarantee& guarantee : group.guarantees) {
    const double assets = std::max(0.0, free_assets[guarantee.guarantor]);
    const double share = std::min(1.0, assets / promised[guarantee.guarantor]);
    support[guarantee.loan] += guarantee.amount * share;
  }
  return support;
}

std::vector<double> Debts(const Group& group) {
  std::vector<double> debts(group.parties.size(), 0.0);
  for (const Loan& loan : group.loans) debts[loan.debtor] += loan.balance;
  return debts;
}

}  // namespace

std::vector<Components> ComponentsOf(const World& world, const Group& group) {
  const std::vector<double> proceeds = CollateralProceeds(group);
  const std::vector<double> support = GuarantorSupport(group);
  const std::vector<double> debts = Debts(group);
  const double effects = world.neighbour_effects;
  std::vector<Components> all;
  for (std::size_t i = 0; i < group.loans.size(); ++i) {
    const Loan& loan = group.loans[i];
    const double cover = std::min(proceeds[i] / loan.balance, 1.0);
    const double supported = std::min(support[i] / loan.balance, 1.0);
    const double net_assets = group.parties[loan.debtor].net_assets;
    const double strength = std::min(net_assets / debts[loan.debtor], 1.0);
    Components components;
    components.own = OwnEffect(loan);
    components.collateral = effects * kCollateralWeight * (cover - kMeanCover);
    components.guarantors = effects * kGuarantorWeight * (supported - kMeanSupport);
    components.debtor = effects * kDebtorWeight * (strength - kMeanStrength);
    components.court = effects * kCourtWeight * world.courts[loan.court].speed;
    components.lender = effects * kLenderWeight * world.lenders[loan.lender].At(loan.valuation);
    components.region = effects * kRegionWeight * world.regions[loan.region].At(loan.valuation);
    all.push_back(components);
  }
  return all;
}

double RecoveryRate(double sum, double noise) {
  const double share = Logistic(kCenter + kScale * (sum + noise));
  return std::clamp((share - kLow) / (kHigh - kLow), 0.0, 1.0);
}

double ExpectedRecoveryRate(double sum) {
  // The trapezoidal rule over +-4.5 standard deviations in steps of 0.25.
  double total = 0.0;
  double weight_total = 0.0;
  for (int step = -18; step <= 18; ++step) {
    const double normal = 0.25 * static_cast<double>(step);
    const double weight = Exp(-0.5 * normal * normal);
    total += weight * RecoveryRate(sum, kNoise * normal);
    weight_total += weight;
  }
  return total / weight_total;
}

Outcome DrawOutcome(const World& world, const Loan& loan, double sum, Random* random) {
  Outcome outcome;
  outcome.noise = kNoise * random->Normal();
  const double exact = RecoveryRate(sum, outcome.noise);
  outcome.recovery_rate = std::floor(exact * 10'000.0 + 0.5) / 10'000.0;
  const double months = 23.5 + 7.0 * random->Normal() - 3.0 * world.courts[loan.court].speed;
  const double days = std::floor(std::clamp(months, 6.0, 36.0) * 30.4375 + 0.5);
  outcome.known_on = loan.default_date.PlusDays(static_cast<std::int32_t>(days));
  return outcome;
}

}  // namespace recoup::graph::synthetic
