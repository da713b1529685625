// recoup value: what loans are worth.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "server/cli/commands.h"
#include "server/cli/option_parsing.h"
#include "server/cli/progress_bar.h"
#include "server/cli/source_options.h"
#include "server/cli/valuation_writer.h"

namespace recoup::cli {
namespace {

constexpr const char* kVerb = "value";

struct ValueOptions {
  SourceOptions source;
  std::vector<std::string> loans;
  bool all = false;
  std::string as_of;
  std::string format = "table";
  std::uint64_t limit = 20;
  model::ValuationTerms terms;
  double target_irr = model::ValuationTerms{}.target_irr.fraction();
  double cost_share = model::ValuationTerms{}.cost_share.fraction();
};

Result<server::ValueRequest> ToRequest(const ValueOptions& options) {
  if (options.all == !options.loans.empty()) {
    return Error{ErrorCode::kInvalidArgument, "name the loans to value, or say --all"};
  }
  server::ValueRequest request;
  RECOUP_ASSIGN(request.as_of, ParseOptionalDate("--as-of", options.as_of));
  request.terms = options.terms;
  request.terms.target_irr = Rate(options.target_irr);
  request.terms.cost_share = Rate(options.cost_share);
  RECOUP_TRY(model::CheckTerms(request.terms));
  return request;
}

// How far valuing came.
struct Progress {
  std::uint64_t total = 0;  // 0 until the first loan
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  std::uint64_t not_found = 0;  // of those that failed
};

void ReportLoan(const CommandIo& io, const server::PortfolioItem& item, Progress* progress) {
  constexpr std::uint64_t kShown = 20;
  ++progress->failed;
  if (item.answer.error().code == ErrorCode::kNotFound) ++progress->not_found;
  if (progress->failed <= kShown) {
    io.err << "recoup value: " << item.loan_id << ": " << item.answer.error().message << "\n";
  } else if (progress->failed == kShown + 1) {
    io.err << "recoup value: further loans that cannot be valued are only counted\n";
  }
}

// Writes what can be valued and reports what cannot.
Result<void> ValueAndWrite(const ValueOptions& options, const server::ValueRequest& request,
                           const server::ValuationSource& source, const CommandIo& io,
                           Progress* progress) {
  RECOUP_ASSIGN(const OutputFormat format, ParseOutputFormat(options.format));
  const auto writer = MakeValuationWriter(format, io.out, options.limit);
  std::optional<ProgressBar> bar;
  const auto visit = [&](const server::PortfolioItem& item) -> Result<void> {
    progress->total = item.total;
    if (!bar.has_value()) bar.emplace(io, "valuing", item.total, "loans");
    bar->Set(++progress->done);
    if (item.answer.has_value()) return writer->Write(*item.answer);
    ReportLoan(io, item, progress);
    return {};
  };
  const Result<void> valued = source.ValueLoans(options.loans, request, visit, &io.stop);
  bar.reset();
  if (valued.has_value() || progress->done > 0) writer->Finish(progress->total);
  return valued;
}

int ExitCodeOf(const Progress& progress) {
  if (progress.failed == 0) return kExitOk;
  if (progress.failed < progress.done) return kExitPartial;
  return progress.not_found == progress.failed ? kExitNotFound : kExitFailed;
}

int Run(const ValueOptions& options, const CommandIo& io) {
  const Result<server::ValueRequest> request = ToRequest(options);
  if (!request.has_value()) return ReportError(io, kVerb, request.error());
  const Result<OutputFormat> format = ParseOutputFormat(options.format);
  if (!format.has_value()) return ReportError(io, kVerb, format.error());
  constexpr std::size_t kManyLoans = 1000;
  const auto source = OpenSource(
      options.source, options.all || options.loans.size() > kManyLoans,
      [&io](const std::string& what) { io.err << "recoup value: warning: " << what << "\n"; });
  if (!source.has_value()) return ReportError(io, kVerb, source.error());
  Progress progress;
  const Result<void> valued = ValueAndWrite(options, *request, **source, io, &progress);
  if (progress.failed > 0) {
    io.err << "recoup value: " << progress.failed << " loans could not be valued\n";
  }
  if (!valued.has_value()) return ReportError(io, kVerb, valued.error());
  return ExitCodeOf(progress);
}

}  // namespace

void AddValueCommand(CLI::App& program, Action& action) {
  auto options = std::make_shared<ValueOptions>();
  CLI::App* command = program.add_subcommand(
      kVerb, "Forecast the recovery of loans and price them, with an interval");
  AddSourceOptions(*command, options->source);
  command->add_option("LOAN", options->loans, "Ids of the loans to value");
  command->add_flag("--all", options->all,
                    "Value every loan that is non-performing by the as-of date");
  command->add_option("--as-of", options->as_of,
                      "Use only what was known by this day, YYYY-MM-DD (default: the latest)");
  command->add_option("--irr", options->target_irr, "Yearly return to earn, as a fraction")
      ->capture_default_str();
  command
      ->add_option("--cost-share", options->cost_share, "Share of recoveries spent on collecting")
      ->capture_default_str();
  command
      ->add_option("--months", options->terms.mean_months_to_recovery,
                   "Mean months until money comes in")
      ->capture_default_str();
  command
      ->add_option("--horizon", options->terms.horizon_months,
                   "Months after which nothing comes in")
      ->capture_default_str();
  command->add_option("--format", options->format, "table, csv or json (one object a line)")
      ->capture_default_str();
  command->add_option("--limit", options->limit, "Loans that a table shows")->capture_default_str();
  command->footer(
      "Examples:\n"
      "  recoup value L0000017 --store demo/store --models demo/models\n"
      "  recoup value --all --irr 0.12 --format csv --store demo/store --models demo/models > "
      "bid.csv\n"
      "  recoup value --all --server 127.0.0.1:7433");
  command->callback([options, &action] {
    action = [options](const CommandIo& io) { return Run(*options, io); };
  });
}

}  // namespace recoup::cli
