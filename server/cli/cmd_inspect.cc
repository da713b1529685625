// recoup inspect: what the graph knows.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "graph/schema/attribute.h"
#include "graph/schema/edge_kind.h"
#include "graph/schema/node_kind.h"
#include "server/cli/commands.h"
#include "server/cli/option_parsing.h"
#include "server/cli/source_options.h"

namespace recoup::cli {
namespace {

using nlohmann::ordered_json;

constexpr const char* kVerb = "inspect";

struct InspectOptions {
  SourceOptions source;
  std::vector<std::string> node;  // empty, or kind and id
  bool neighbourhood = false;
  std::string as_of;
  std::string format = "table";
};

ordered_json StatisticsJson(const graph::StoreStatistics& statistics) {
  ordered_json nodes = ordered_json::object();
  for (const auto& [kind, count] : statistics.nodes) nodes[graph::NodeKindName(kind)] = count;
  ordered_json edges = ordered_json::object();
  for (const auto& [kind, count] : statistics.edges) edges[graph::EdgeKindName(kind)] = count;
  ordered_json latest = nullptr;
  if (statistics.latest_known_at != Date::Min()) latest = statistics.latest_known_at.ToString();
  return {{"epoch", statistics.epoch},
          {"facts", statistics.facts},
          {"nodes", nodes},
          {"edges", edges},
          {"outcomes", statistics.outcomes},
          {"latest_known_at", latest}};
}

void PrintStatistics(const graph::StoreStatistics& statistics, std::ostream& out) {
  out << "epoch " << statistics.epoch << ", " << statistics.facts << " facts";
  if (statistics.latest_known_at != Date::Min()) {
    out << ", the latest known at " << statistics.latest_known_at.ToString();
  }
  out << "\n\nnodes\n";
  for (const auto& [kind, count] : statistics.nodes) {
    out << "  " << graph::NodeKindName(kind) << "  " << count << "\n";
  }
  out << "\nedges\n";
  for (const auto& [kind, count] : statistics.edges) {
    out << "  " << graph::EdgeKindName(kind) << "  " << count << "\n";
  }
  out << "\noutcomes  " << statistics.outcomes << "\n";
}

ordered_json NodeJson(const server::NamedNode& node) {
  ordered_json attributes = ordered_json::object();
  for (const graph::NamedAttribute& attribute : node.attributes) {
    if (const double* number = std::get_if<double>(&attribute.value)) {
      attributes[attribute.name] = *number;
    } else {
      attributes[attribute.name] = graph::ToString(attribute.value);
    }
  }
  return {{"kind", graph::NodeKindName(node.key.kind)},
          {"id", node.key.external_id},
          {"first_known_at", node.first_known_at.ToString()},
          {"attributes", attributes}};
}

void PrintNode(const server::NamedNode& node, std::ostream& out) {
  out << graph::NodeKindName(node.key.kind) << " " << node.key.external_id << ", known since "
      << node.first_known_at.ToString() << "\n";
  for (const graph::NamedAttribute& attribute : node.attributes) {
    out << "  " << attribute.name << " = " << graph::ToString(attribute.value) << "\n";
  }
}

ordered_json NeighbourhoodJson(const server::NeighbourhoodAnswer& answer) {
  ordered_json nodes = ordered_json::array();
  for (const server::NamedNode& node : answer.nodes) nodes.push_back(NodeJson(node));
  ordered_json edges = ordered_json::array();
  for (const graph::NeighbourhoodEdge& edge : answer.edges) {
    edges.push_back({{"kind", graph::EdgeKindName(edge.relation.kind)},
                     {"reversed", edge.relation.direction == graph::Direction::kIn},
                     {"parent", edge.parent},
                     {"child", edge.child},
                     {"weight", edge.weight}});
  }
  return {{"epoch", answer.epoch}, {"nodes", nodes}, {"edges", edges}};
}

void PrintNeighbourhood(const server::NeighbourhoodAnswer& answer, std::ostream& out) {
  PrintNode(answer.nodes.front(), out);
  for (const graph::NeighbourhoodEdge& edge : answer.edges) {
    const server::NamedNode& child = answer.nodes[edge.child];
    const bool inwards = edge.relation.direction == graph::Direction::kIn;
    out << (edge.parent == 0 ? "  " : "      ") << (inwards ? "<- " : "-> ")
        << graph::EdgeKindName(edge.relation.kind) << " " << graph::NodeKindName(child.key.kind)
        << " " << child.key.external_id;
    if (edge.parent != 0) out << " (of " << answer.nodes[edge.parent].key.external_id << ")";
    out << "\n";
  }
}

int InspectNode(const InspectOptions& options, const server::ValuationSource& source,
                const CommandIo& io) {
  const auto as_of = ParseOptionalDate("--as-of", options.as_of);
  if (!as_of.has_value()) return ReportError(io, kVerb, as_of.error());
  const auto kind = graph::ParseNodeKind(options.node[0]);
  if (!kind.has_value()) return ReportError(io, kVerb, kind.error());
  const bool json = options.format == "json";
  if (options.neighbourhood) {
    const auto answer = source.GetNeighbourhood(options.node[1], *as_of, std::nullopt);
    if (!answer.has_value()) return ReportError(io, kVerb, answer.error());
    if (json) {
      io.out << NeighbourhoodJson(*answer).dump() << "\n";
    } else {
      PrintNeighbourhood(*answer, io.out);
    }
    return kExitOk;
  }
  const auto node = source.GetNode({*kind, options.node[1]}, *as_of);
  if (!node.has_value()) return ReportError(io, kVerb, node.error());
  if (json) {
    io.out << NodeJson(*node).dump() << "\n";
  } else {
    PrintNode(*node, io.out);
  }
  return kExitOk;
}

int Run(const InspectOptions& options, const CommandIo& io) {
  if (!options.node.empty() && options.node.size() != 2) {
    return ReportError(io, kVerb,
                       {ErrorCode::kInvalidArgument,
                        "name a kind and an id, such as `loan L0000017`, or nothing"});
  }
  if (options.neighbourhood && (options.node.empty() || options.node[0] != "loan")) {
    return ReportError(
        io, kVerb,
        {ErrorCode::kInvalidArgument, "--neighbourhood needs a loan, such as `loan L0000017`"});
  }
  const auto source = OpenSource(options.source, false);
  if (!source.has_value()) return ReportError(io, kVerb, source.error());
  if (!options.node.empty()) return InspectNode(options, **source, io);
  const auto statistics = (*source)->Statistics();
  if (!statistics.has_value()) return ReportError(io, kVerb, statistics.error());
  if (options.format == "json") {
    io.out << StatisticsJson(*statistics).dump() << "\n";
  } else {
    PrintStatistics(*statistics, io.out);
  }
  return kExitOk;
}

}  // namespace

void AddInspectCommand(CLI::App& program, Action& action) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App* command = program.add_subcommand(
      kVerb, "Show what the graph knows: counts, one node, or what a forecast looks at");
  AddSourceOptions(*command, options->source);
  command->add_option("NODE", options->node, "Kind and id of a node, such as `loan L0000017`");
  command->add_flag("--neighbourhood", options->neighbourhood, "Show the loan's surroundings");
  command->add_option("--as-of", options->as_of, "Show only what was known by this day");
  command->add_option("--format", options->format, "table or json")
      ->capture_default_str()
      ->check(CLI::IsMember({"table", "json"}));
  command->footer(
      "Examples:\n"
      "  recoup inspect --store demo/store\n"
      "  recoup inspect loan L0000017 --as-of 2023-06-30 --store demo/store\n"
      "  recoup inspect loan L0000017 --neighbourhood --store demo/store");
  command->callback([options, &action] {
    action = [options](const CommandIo& io) { return Run(*options, io); };
  });
}

}  // namespace recoup::cli
