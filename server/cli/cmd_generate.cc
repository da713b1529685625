// recoup generate: a believable portfolio with a known truth.
#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <string>

#include "graph/synthetic/generate_portfolio.h"
#include "server/cli/commands.h"
#include "server/cli/option_parsing.h"

namespace recoup::cli {
namespace {

constexpr const char* kVerb = "generate";

struct GenerateCommand {
  graph::GenerateOptions options;
  std::string out;
  std::string as_of;
  std::string currency;
};

int Run(GenerateCommand command, const CommandIo& io) {
  const auto as_of = ParseOptionalDate("--as-of", command.as_of);
  if (!as_of.has_value()) return ReportError(io, kVerb, as_of.error());
  if (as_of->has_value()) command.options.as_of = **as_of;
  if (!command.currency.empty()) {
    const auto currency = Currency::Parse(command.currency);
    if (!currency.has_value()) return ReportError(io, kVerb, currency.error());
    command.options.currency = *currency;
  }
  const auto report = graph::GeneratePortfolio(command.options, command.out);
  if (!report.has_value()) return ReportError(io, kVerb, report.error());
  io.out << report->loans << " loans (" << report->resolved << " with a known outcome), "
         << report->parties << " parties, " << report->guarantees << " guarantees, "
         << report->collateral << " collateral with " << report->liens << " liens, "
         << report->proceedings << " proceedings at " << report->courts << " courts\n"
         << "tape:  " << command.out << "/tape   (mapping.toml beside the tables)\n"
         << "truth: " << command.out << "/truth  (never an input of a model)\n";
  return kExitOk;
}

}  // namespace

void AddGenerateCommand(CLI::App& program, Action& action) {
  auto command_options = std::make_shared<GenerateCommand>();
  CLI::App* command = program.add_subcommand(
      kVerb, "Write a believable tape of several tables, with the true recoveries apart");
  command->add_option("--loans", command_options->options.loans, "Number of loans")
      ->capture_default_str();
  command
      ->add_option("--seed", command_options->options.seed, "The same seed writes the same bytes")
      ->capture_default_str();
  command->add_option("--out", command_options->out, "Folder to write into")->required();
  command->add_option("--as-of", command_options->as_of,
                      "Last day of the tape, YYYY-MM-DD (default: 2025-12-31)");
  command->add_option("--currency", command_options->currency, "ISO 4217 code (default: CNY)");
  command
      ->add_option("--neighbour-effects", command_options->options.neighbour_effects,
                   "How much of what lies around a loan takes effect; 0: nothing to learn there")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  command->footer("Example:\n  recoup generate --loans 20000 --seed 1 --out demo");
  command->callback([command_options, &action] {
    action = [command_options](const CommandIo& io) { return Run(*command_options, io); };
  });
}

}  // namespace recoup::cli
