#include "server/cli/valuation_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "model/valuation/portfolio_valuation.h"
#include "server/cli/digit_groups.h"

namespace recoup::cli {
namespace {

using server::LoanAnswer;

// The shortest text that reads back to the same number.
std::string Number(double value) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  RECOUP_CHECK(error == std::errc());
  return {text.data(), end};
}

std::string Percent(double share) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", 100.0 * share);
  return text.data();
}

// Whole major units with thousands separators: cents say nothing in a table for people.
std::string Grouped(Money amount) {
  const std::string decimal = amount.ToDecimal();
  return GroupDigits(decimal.substr(0, decimal.find('.')));
}

void WriteProvenance(std::ostream& out, const server::Provenance& provenance) {
  out << "as of " << provenance.as_of.ToString() << ", model " << provenance.model_version << " ("
      << provenance.artifact_checksum.substr(0, 12) << ", " << provenance.backend
      << "), graph epoch " << provenance.graph_epoch << "\n";
}

// Noticed when a buffer is full, so a little late; main looks once more at the end.
Result<void> CheckStream(const std::ostream& out) {
  if (out) return {};
  return Error{ErrorCode::kUnavailable,
               "the output cannot be written: the disk is full or the reader is gone"};
}

class TableWriter final : public ValuationWriter {
 public:
  TableWriter(std::ostream& out, std::uint64_t max_rows) : out_(out), max_rows_(max_rows) {}

  Result<void> Write(const LoanAnswer& answer) override {
    RECOUP_TRY(portfolio_.Add(answer.valuation));
    provenance_ = answer.provenance;
    if (rows_.size() < max_rows_) rows_.push_back(RowOf(answer));
    ++loans_;
    return {};
  }

  void Finish(std::uint64_t total) override {
    Cells header = {"loan",       "currency", "claim", "recovery %",
                    "interval %", "expected", "price", "price range"};
    rows_.insert(rows_.begin(), std::move(header));
    std::array<std::size_t, kColumns> widths{};
    for (const Cells& row : rows_) {
      for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    for (const Cells& row : rows_) PrintRow(row, widths);
    if (loans_ >= rows_.size()) {
      out_ << "... and " << loans_ - rows_.size() + 1
           << " more (--limit N shows more; --format csv or json writes all)\n";
    }
    if (loans_ < total) {
      out_ << "\nincomplete: " << loans_ << " of " << total << " loans; the others count nowhere\n";
    }
    PrintTotals();
  }

 private:
  static constexpr std::size_t kColumns = 8;
  using Cells = std::array<std::string, kColumns>;

  static Cells RowOf(const LoanAnswer& answer) {
    const model::LoanValuation& value = answer.valuation;
    return {answer.loan_id,
            std::string(value.claim.currency().code()),
            Grouped(value.claim),
            Percent(value.expected_rate.fraction()),
            Percent(value.lower_rate.fraction()) + " - " + Percent(value.upper_rate.fraction()),
            Grouped(value.expected_recovery),
            Grouped(value.price),
            Grouped(value.price_lower) + " - " + Grouped(value.price_upper)};
  }

  void PrintRow(const Cells& row, const std::array<std::size_t, kColumns>& widths) {
    for (std::size_t i = 0; i < kColumns; ++i) {
      const std::string padding(widths[i] - row[i].size(), ' ');
      const bool left = i < 2;
      out_ << (i == 0 ? "" : "  ")
           << (left ? row[i] + (i + 1 < kColumns ? padding : "") : padding + row[i]);
    }
    out_ << "\n";
  }

  void PrintTotals() {
    for (const auto& [code, total] : portfolio_.totals()) {
      const double claim = total.claim.ToMajor();
      out_ << "\n"
           << total.loans << (total.loans == 1 ? " loan in " : " loans in ") << code << ": claim "
           << Grouped(total.claim) << ", expected recovery " << Grouped(total.expected_recovery);
      if (claim > 0) out_ << " (" << Percent(total.expected_recovery.ToMajor() / claim) << " %)";
      out_ << ", price " << Grouped(total.price);
      if (claim > 0) out_ << " (" << Percent(total.price.ToMajor() / claim) << " %)";
      out_ << "\n";
    }
    if (loans_ > 0) WriteProvenance(out_, provenance_);
  }

  std::ostream& out_;
  std::uint64_t max_rows_;
  std::uint64_t loans_ = 0;
  std::vector<Cells> rows_;
  model::PortfolioValuation portfolio_;
  server::Provenance provenance_;
};

// RFC 4180: quoted where needed. A field that a spreadsheet would run as a formula is quoted with
// a leading apostrophe.
std::string CsvField(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) {
    text.insert(0, "'");
  }
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

class CsvWriter final : public ValuationWriter {
 public:
  explicit CsvWriter(std::ostream& out) : out_(out) {
    out_ << "loan_id,currency,claim,expected_rate,lower_rate,upper_rate,coverage,"
            "expected_recovery,recovery_p10,recovery_p50,recovery_p90,price,price_lower,"
            "price_upper,as_of,model_version,artifact_checksum,feature_schema_hash,graph_epoch,"
            "backend\n";
  }

  Result<void> Write(const LoanAnswer& answer) override {
    const model::LoanValuation& value = answer.valuation;
    const server::Provenance& provenance = answer.provenance;
    out_ << CsvField(answer.loan_id) << ',' << value.claim.currency().code() << ','
         << value.claim.ToDecimal() << ',' << Number(value.expected_rate.fraction()) << ','
         << Number(value.lower_rate.fraction()) << ',' << Number(value.upper_rate.fraction()) << ','
         << Number(value.coverage) << ',' << value.expected_recovery.ToDecimal() << ','
         << value.recovery_p10.ToDecimal() << ',' << value.recovery_p50.ToDecimal() << ','
         << value.recovery_p90.ToDecimal() << ',' << value.price.ToDecimal() << ','
         << value.price_lower.ToDecimal() << ',' << value.price_upper.ToDecimal() << ','
         << provenance.as_of.ToString() << ',' << CsvField(provenance.model_version) << ','
         << provenance.artifact_checksum << ',' << provenance.feature_schema_hash << ','
         << provenance.graph_epoch << ',' << provenance.backend << '\n';
    return CheckStream(out_);
  }

  void Finish(std::uint64_t) override {}

 private:
  std::ostream& out_;
};

nlohmann::ordered_json ToJson(const LoanAnswer& answer) {
  const model::LoanValuation& value = answer.valuation;
  const server::Provenance& provenance = answer.provenance;
  const auto money = [](Money amount) { return amount.ToDecimal(); };
  nlohmann::ordered_json months = nlohmann::ordered_json::array();
  for (const Money& month : value.monthly_recoveries) months.push_back(month.ToDecimal());
  return {{"loan_id", answer.loan_id},
          {"currency", value.claim.currency().code()},
          {"claim", money(value.claim)},
          {"expected_rate", value.expected_rate.fraction()},
          {"lower_rate", value.lower_rate.fraction()},
          {"upper_rate", value.upper_rate.fraction()},
          {"coverage", value.coverage},
          {"expected_recovery", money(value.expected_recovery)},
          {"recovery_p10", money(value.recovery_p10)},
          {"recovery_p50", money(value.recovery_p50)},
          {"recovery_p90", money(value.recovery_p90)},
          {"recovery_lower", money(value.recovery_lower)},
          {"recovery_upper", money(value.recovery_upper)},
          {"price", money(value.price)},
          {"price_lower", money(value.price_lower)},
          {"price_upper", money(value.price_upper)},
          {"masses", answer.forecast.distribution.masses()},
          {"monthly_recoveries", std::move(months)},
          {"provenance",
           {{"as_of", provenance.as_of.ToString()},
            {"model_version", provenance.model_version},
            {"artifact_checksum", provenance.artifact_checksum},
            {"feature_schema_hash", provenance.feature_schema_hash},
            {"graph_epoch", provenance.graph_epoch},
            {"backend", provenance.backend}}}};
}

class JsonWriter final : public ValuationWriter {
 public:
  explicit JsonWriter(std::ostream& out) : out_(out) {}

  Result<void> Write(const LoanAnswer& answer) override {
    out_ << ToJson(answer).dump() << '\n';
    return CheckStream(out_);
  }

  void Finish(std::uint64_t) override {}

 private:
  std::ostream& out_;
};

}  // namespace

Result<OutputFormat> ParseOutputFormat(std::string_view name) {
  if (name == "table") return OutputFormat::kTable;
  if (name == "csv") return OutputFormat::kCsv;
  if (name == "json") return OutputFormat::kJson;
  return Error{ErrorCode::kInvalidArgument,
               "a format is `table`, `csv` or `json`: " + std::string(name)};
}

std::unique_ptr<ValuationWriter> MakeValuationWriter(OutputFormat format, std::ostream& out,
                                                     std::uint64_t max_rows) {
  switch (format) {
    case OutputFormat::kCsv:
      return std::make_unique<CsvWriter>(out);
    case OutputFormat::kJson:
      return std::make_unique<JsonWriter>(out);
    case OutputFormat::kTable:
      break;
  }
  return std::make_unique<TableWriter>(out, max_rows);
}

}  // namespace recoup::cli
