#include "graph/synthetic/generate_portfolio.h"

#include <fstream>
#include <memory>
#include <system_error>
#include <vector>

#include "graph/synthetic/group.h"
#include "graph/synthetic/mapping_text.h"
#include "graph/synthetic/mechanism.h"
#include "graph/synthetic/tape_writer.h"
#include "graph/synthetic/truth_writer.h"
#include "graph/synthetic/world.h"

namespace recoup::graph {
namespace {

using namespace synthetic;  // NOLINT(google-build-using-namespace): the parts of this very folder.

constexpr std::uint64_t kMostLoans = 10'000'000;

Result<GenerateOptions> Checked(GenerateOptions options) {
  if (options.loans < 1 || options.loans > kMostLoans) {
    return Error{ErrorCode::kInvalidArgument,
                 "the number of loans must be 1 to 10000000: " + std::to_string(options.loans)};
  }
  if (!(options.neighbour_effects >= 0.0 && options.neighbour_effects <= 1.0)) {
    return Error{ErrorCode::kInvalidArgument, "neighbour effects must lie in 0 to 1: " +
                                                  std::to_string(options.neighbour_effects)};
  }
  // Loans reach 25 years back; dates must stay within the calendar that tapes can write.
  if (options.as_of < Date(-20'000) || options.as_of > Date(80'000)) {
    return Error{ErrorCode::kInvalidArgument, "the as-of date must lie between 1915 and 2189"};
  }
  if (options.currency == Currency()) {
    RECOUP_ASSIGN(options.currency, Currency::Parse("CNY"));
  }
  return options;
}

Result<void> CreateFolder(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder, error)) {
    return Error{ErrorCode::kAlreadyExists,
                 "a portfolio is already here; name another folder: " + folder.string()};
  }
  std::filesystem::create_directories(folder, error);
  if (error) {
    return Error{ErrorCode::kUnavailable, "cannot make the folder: " + folder.string()};
  }
  return {};
}

Result<void> WriteMapping(const std::filesystem::path& path, Currency currency) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << MappingText(currency);
  file.close();
  if (!file) return Error{ErrorCode::kUnavailable, "cannot write the file: " + path.string()};
  return {};
}

void WriteGroups(const GenerateOptions& options, const World& world, TapeWriter* tape,
                 TruthWriter* truth, const GenerateReport& report) {
  for (std::uint64_t number = 0; report.loans < options.loans; ++number) {
    const Group group = MakeGroup(world, number, options.loans - report.loans);
    const std::vector<Components> components = ComponentsOf(world, group);
    std::vector<Outcome> outcomes;
    for (std::size_t i = 0; i < group.loans.size(); ++i) {
      Random random(options.seed, Purpose::kOutcome, report.loans + i);
      outcomes.push_back(DrawOutcome(world, group.loans[i], components[i].Sum(), &random));
      truth->Write(report.loans + i, group.pattern, components[i], outcomes[i], options.as_of);
    }
    tape->Write(group, outcomes, options.as_of);
  }
}

}  // namespace

Result<GenerateReport> GeneratePortfolio(const GenerateOptions& requested,
                                         const std::filesystem::path& out) {
  RECOUP_ASSIGN(const GenerateOptions options, Checked(requested));
  RECOUP_TRY(CreateFolder(out / "tape"));
  RECOUP_TRY(CreateFolder(out / "truth"));
  const World world(options);
  GenerateReport report;
  RECOUP_ASSIGN(const std::unique_ptr<TapeWriter> tape,
                TapeWriter::Create(out / "tape", world, options.currency, &report));
  RECOUP_ASSIGN(TruthWriter truth, TruthWriter::Create(out / "truth"));
  WriteGroups(options, world, tape.get(), &truth, report);
  RECOUP_TRY(tape->Finish());
  RECOUP_TRY(truth.Finish(options, world, &report));
  RECOUP_TRY(WriteMapping(out / "tape" / "mapping.toml", options.currency));
  return report;
}

}  // namespace recoup::graph
