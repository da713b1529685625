// What a generated portfolio promises about its truth: how much of the recoveries is explained by
// the loan itself, and how much by what surrounds it.
#include "graph/synthetic/truth_writer.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <map>
#include <string>
#include <vector>

#include "graph/synthetic/generate_portfolio.h"
#include "graph/synthetic/mechanism.h"
#include "tests/unit/graph/synthetic/tape_files.h"

namespace recoup::graph::synthetic {
namespace {

using Catch::Matchers::WithinAbs;

struct Portfolio {
  GenerateReport report;
  std::vector<Row> truth;
};

const Portfolio& TestPortfolio() {
  static const Portfolio portfolio = [] {
    const ScratchFolder folder("statistics");
    Portfolio made;
    made.report = GenerateOrFail({.loans = 20'000, .seed = 5}, folder.path());
    made.truth = ReadTable(folder.path() / "truth" / "truth.csv");
    return made;
  }();
  return portfolio;
}

std::vector<double> Column(const std::string& name) {
  std::vector<double> values;
  for (const Row& row : TestPortfolio().truth) values.push_back(std::stod(row.at(name)));
  return values;
}

double Covariance(const std::vector<double>& x, const std::vector<double>& y) {
  double mean_x = 0.0;
  double mean_y = 0.0;
  double product = 0.0;
  const auto count = static_cast<double>(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    mean_x += x[i] / count;
    mean_y += y[i] / count;
    product += x[i] * y[i] / count;
  }
  return product - mean_x * mean_y;
}

double R2(const std::vector<double>& x, const std::vector<double>& y) {
  return Covariance(x, y) * Covariance(x, y) / (Covariance(x, x) * Covariance(y, y));
}

std::vector<double> SurroundingsSum() {
  std::vector<double> sum(TestPortfolio().truth.size(), 0.0);
  for (const char* name : {"collateral", "guarantors", "debtor", "court", "lender", "region"}) {
    const std::vector<double> column = Column(name);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += column[i];
  }
  return sum;
}

TEST_CASE("About 8 percent recover nothing and 4 percent everything") {
  const GenerateReport& report = TestPortfolio().report;
  CHECK_THAT(report.share_at_zero, WithinAbs(0.08, 0.02));
  CHECK_THAT(report.share_at_one, WithinAbs(0.04, 0.015));
  CHECK_THAT(report.mean_recovery_rate, WithinAbs(0.42, 0.04));
}

TEST_CASE("About three quarters of the loans are resolved") {
  const GenerateReport& report = TestPortfolio().report;
  CHECK_THAT(static_cast<double>(report.resolved) / static_cast<double>(report.loans),
             WithinAbs(0.76, 0.04));
}

TEST_CASE("The loan's own columns explain a sixth of the recoveries, the surroundings twice that") {
  const std::vector<double> y = Column("recovery_rate");
  const double own = R2(Column("own"), y);
  const double surroundings = R2(SurroundingsSum(), y);
  CHECK_THAT(own, WithinAbs(0.175, 0.025));
  CHECK_THAT(own, WithinAbs(TestPortfolio().report.own_r2, 1e-4));
  CHECK_THAT(surroundings, WithinAbs(0.365, 0.04));
  CHECK_THAT(R2(Column("expected_recovery_rate"), y), WithinAbs(0.54, 0.03));
  CHECK_THAT(TestPortfolio().report.mechanism_r2, WithinAbs(0.54, 0.03));
}

TEST_CASE("The surroundings cannot be read off the loan's own columns") {
  CHECK(R2(Column("own"), SurroundingsSum()) < 0.01);
}

TEST_CASE("Each part of the surroundings matters by itself") {
  const std::vector<double> y = Column("recovery_rate");
  CHECK(R2(Column("collateral"), y) > 0.09);
  CHECK(R2(Column("guarantors"), y) > 0.05);
  CHECK(R2(Column("court"), y) > 0.03);
  CHECK(R2(Column("lender"), y) > 0.03);
  CHECK(R2(Column("region"), y) > 0.003);
  CHECK(R2(Column("debtor"), y) > 0.005);
}

TEST_CASE("The expected rate is unbiased in every fifth of its range") {
  std::map<int, double> error;
  std::map<int, int> count;
  for (const Row& row : TestPortfolio().truth) {
    const double expected = std::stod(row.at("expected_recovery_rate"));
    const int fifth = static_cast<int>(expected * 5.0);
    error[fifth] += std::stod(row.at("recovery_rate")) - expected;
    ++count[fifth];
  }
  for (const auto& [fifth, loans] : count) {
    if (loans > 500) CHECK_THAT(error[fifth] / loans, WithinAbs(0.0, 0.025));
  }
}

TEST_CASE("The truth adds up: each outcome follows from its components and its noise") {
  for (const Row& row : TestPortfolio().truth) {
    double sum = 0.0;
    for (const char* name :
         {"own", "collateral", "guarantors", "debtor", "court", "lender", "region"}) {
      sum += std::stod(row.at(name));
    }
    REQUIRE_THAT(std::stod(row.at("recovery_rate")),
                 WithinAbs(RecoveryRate(sum, std::stod(row.at("noise"))), 1e-4));
  }
}

}  // namespace
}  // namespace recoup::graph::synthetic
