#include "graph/synthetic/tape_writer.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "graph/synthetic/csv_table.h"
#include "graph/synthetic/ids.h"

namespace recoup::graph::synthetic {
namespace {

constexpr std::array<std::string_view, 3> kCourtLevels = {"district", "intermediate", "high"};
constexpr std::array<std::string_view, 3> kProceedingTypes = {"litigation", "arbitration",
                                                              "enforcement"};
constexpr std::array<std::string_view, 3> kStages = {"filed", "accepted", "heard"};
constexpr std::array<std::string_view, kIndustryCount> kIndustries = {
    "agriculture", "mining",      "food",         "textiles", "chemicals", "metals",
    "machinery",   "electronics", "construction", "retail",   "transport", "property"};

Result<void> WriteCourts(const std::filesystem::path& folder, const World& world) {
  RECOUP_ASSIGN(CsvTable courts, CsvTable::Create(folder / "courts.csv",
                                                  "court_id,court_level,region_id,known_since"));
  const std::string since = world.beginning.ToString();
  for (std::size_t i = 0; i < world.courts.size(); ++i) {
    const Court& court = world.courts[i];
    courts.Row({CourtId(i), kCourtLevels[court.level], RegionId(court.region), since});
  }
  return courts.Finish();
}

Result<void> WriteNamed(const std::filesystem::path& file, std::string_view header,
                        const std::vector<std::array<std::string, 2>>& rows, Date since) {
  RECOUP_ASSIGN(CsvTable table, CsvTable::Create(file, header));
  for (const auto& [id, name] : rows) table.Row({id, name, since.ToString()});
  return table.Finish();
}

Result<void> WriteRegionsAndIndustries(const std::filesystem::path& folder, const World& world) {
  std::vector<std::array<std::string, 2>> rows;
  for (std::size_t i = 0; i < world.regions.size(); ++i) {
    rows.push_back({RegionId(i), "Region " + std::to_string(i + 1)});
  }
  RECOUP_TRY(
      WriteNamed(folder / "regions.csv", "region_id,name,known_since", rows, world.beginning));
  rows.clear();
  for (const std::string_view name : kIndustries) {
    rows.push_back({IndustryId(name), std::string(name)});
  }
  return WriteNamed(folder / "industries.csv", "industry_id,name,known_since", rows,
                    world.beginning);
}

}  // namespace

struct TapeWriter::Tables {
  CsvTable loans, parties, guarantees, collateral, liens, proceedings, repayments, outcomes;

  std::array<std::pair<CsvTable*, std::string_view>, 8> All() {
    return {{{&loans,
              "loan_id,debtor_id,lender_id,court_id,region_id,product,asset_class,"
              "origination_date,default_date,maturity_date,original_amount,balance,interest_rate"},
             {&parties,
              "party_id,party_type,net_assets,employees,annual_income,region_id,industry_id,"
              "reported_on"},
             {&guarantees, "guarantor_id,loan_id,amount,known_on"},
             {&collateral, "collateral_id,owner_id,collateral_type,appraisal_value,appraisal_date"},
             {&liens, "collateral_id,loan_id,lien_rank,registered_amount,known_on"},
             {&proceedings, "proceeding_id,loan_id,court_id,proceeding_type,stage,filed_date"},
             {&repayments, "loan_id,debtor_id,paid_until,amount"},
             {&outcomes, "loan_id,valuation_date,recovery_rate,outcome_date"}}};
  }
};

TapeWriter::TapeWriter(std::unique_ptr<Tables> tables, Currency currency, GenerateReport* report)
    : tables_(std::move(tables)), currency_(currency), report_(report) {}

TapeWriter::~TapeWriter() = default;

Result<std::unique_ptr<TapeWriter>> TapeWriter::Create(const std::filesystem::path& folder,
                                                       const World& world, Currency currency,
                                                       GenerateReport* report) {
  static constexpr std::array<std::string_view, 8> kFiles = {
      "loans.csv", "parties.csv",     "guarantees.csv", "collateral.csv",
      "liens.csv", "proceedings.csv", "repayments.csv", "outcomes.csv"};
  RECOUP_TRY(WriteCourts(folder, world));
  RECOUP_TRY(WriteRegionsAndIndustries(folder, world));
  auto tables = std::make_unique<Tables>();
  for (std::size_t i = 0; i < kFiles.size(); ++i) {
    const auto [table, header] = tables->All()[i];
    RECOUP_ASSIGN(*table, CsvTable::Create(folder / kFiles[i], header));
  }
  const std::string since = world.beginning.ToString();
  for (std::size_t i = 0; i < world.lenders.size(); ++i) {
    tables->parties.Row(
        {LenderId(i), "bank", "", "", "", RegionId(i % world.regions.size()), "", since});
  }
  report->courts = world.courts.size();
  report->lenders = world.lenders.size();
  report->regions = world.regions.size();
  return std::unique_ptr<TapeWriter>(new TapeWriter(std::move(tables), currency, report));
}

std::string TapeWriter::Amount(double major) const {
  std::int64_t unit = 1;
  for (int digit = 0; digit < currency_.minor_digits(); ++digit) unit *= 10;
  return Money(static_cast<std::int64_t>(major) * unit, currency_).ToDecimal();
}

void TapeWriter::WriteParties(const Group& group) {
  for (std::size_t i = 0; i < group.parties.size(); ++i) {
    const Party& party = group.parties[i];
    const bool corporate = party.type == PartyType::kCorporate;
    tables_->parties.Row(
        {PartyId(report_->parties + i), corporate ? "corporate" : "retail",
         Amount(party.net_assets), party.employees ? std::to_string(*party.employees) : "",
         party.annual_income ? Amount(*party.annual_income) : "", RegionId(party.region),
         corporate ? IndustryId(kIndustries[party.industry]) : "", party.reported_on.ToString()});
  }
  for (const Guarantee& guarantee : group.guarantees) {
    tables_->guarantees.Row({PartyId(report_->parties + guarantee.guarantor),
                             LoanId(report_->loans + guarantee.loan), Amount(guarantee.amount),
                             group.loans[guarantee.loan].default_date.ToString()});
  }
}

void TapeWriter::WriteLoans(const Group& group, const std::vector<Outcome>& outcomes, Date as_of) {
  for (std::size_t i = 0; i < group.loans.size(); ++i) {
    const Loan& loan = group.loans[i];
    const std::string id = LoanId(report_->loans + i);
    tables_->loans.Row(
        {id, PartyId(report_->parties + loan.debtor), LenderId(loan.lender), CourtId(loan.court),
         RegionId(loan.region), kProducts[loan.product], kAssetClasses[loan.asset_class],
         loan.origination.ToString(), loan.default_date.ToString(), loan.maturity.ToString(),
         Amount(loan.original_amount), Amount(loan.balance), Decimal(loan.interest_rate, 4)});
    if (outcomes[i].known_on > as_of) continue;
    ++report_->resolved;
    tables_->outcomes.Row({id, loan.valuation.ToString(), Decimal(outcomes[i].recovery_rate, 4),
                           outcomes[i].known_on.ToString()});
  }
}

void TapeWriter::WriteCollateral(const Group& group) {
  for (std::size_t i = 0; i < group.collateral.size(); ++i) {
    const Collateral& collateral = group.collateral[i];
    tables_->collateral.Row({CollateralId(report_->collateral + i),
                             PartyId(report_->parties + collateral.owner),
                             kCollateralTypes[collateral.type], Amount(collateral.appraisal),
                             collateral.appraised_on.ToString()});
  }
  for (const Lien& lien : group.liens) {
    tables_->liens.Row({CollateralId(report_->collateral + lien.collateral),
                        LoanId(report_->loans + lien.loan), std::to_string(lien.rank),
                        Amount(lien.registered_amount),
                        group.loans[lien.loan].default_date.ToString()});
  }
}

void TapeWriter::WriteHistory(const Group& group) {
  for (std::size_t i = 0; i < group.proceedings.size(); ++i) {
    const Proceeding& proceeding = group.proceedings[i];
    const Loan& loan = group.loans[proceeding.loan];
    tables_->proceedings.Row({ProceedingId(report_->proceedings + i),
                              LoanId(report_->loans + proceeding.loan), CourtId(loan.court),
                              kProceedingTypes[proceeding.type], kStages[proceeding.stage],
                              proceeding.filed_on.ToString()});
  }
  for (const Repayment& repayment : group.repayments) {
    tables_->repayments.Row({LoanId(report_->loans + repayment.loan),
                             PartyId(report_->parties + group.loans[repayment.loan].debtor),
                             repayment.paid_until.ToString(), Amount(repayment.amount)});
  }
}

void TapeWriter::Write(const Group& group, const std::vector<Outcome>& outcomes, Date as_of) {
  WriteParties(group);
  WriteLoans(group, outcomes, as_of);
  WriteCollateral(group);
  WriteHistory(group);
  // Counted last: until here the counts are the numbers before this group's first things.
  report_->parties += group.parties.size();
  report_->loans += group.loans.size();
  report_->guarantees += group.guarantees.size();
  report_->collateral += group.collateral.size();
  report_->liens += group.liens.size();
  report_->proceedings += group.proceedings.size();
  report_->repayments += group.repayments.size();
}

Result<void> TapeWriter::Finish() {
  for (const auto& [table, header] : tables_->All()) RECOUP_TRY(table->Finish());
  return {};
}

}  // namespace recoup::graph::synthetic
