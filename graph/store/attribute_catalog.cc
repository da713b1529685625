#include "graph/store/attribute_catalog.h"

#include <algorithm>
#include <limits>
#include <span>

namespace recoup::graph {
namespace {

// Node kinds take the slots below, edge kinds those from here on.
constexpr std::size_t kFirstEdgeSlot = 16;
constexpr std::size_t kSlots = 64;

std::size_t SlotOf(const AttributeOwner& owner) {
  if (const auto* node = std::get_if<NodeKind>(&owner)) return static_cast<std::size_t>(*node);
  return kFirstEdgeSlot + static_cast<std::size_t>(*std::get_if<EdgeKind>(&owner));
}

Error OtherType(const AttributeOwner& owner, std::string_view name, AttributeType known,
                AttributeType given) {
  return {ErrorCode::kInvalidArgument, "attribute has another type; " +
                                           std::string(OwnerName(owner)) + "." + std::string(name) +
                                           " is a " + std::string(AttributeTypeName(known)) +
                                           ", not a " + std::string(AttributeTypeName(given))};
}

}  // namespace

AttributeCatalog::AttributeCatalog() : names_(kSlots) {
  for (const AttributeDefinition& known : WellKnownAttributes()) {
    NamesOf(known.owner).emplace(known.name, Slot{known.id, known.type, known.role});
  }
}

AttributeCatalog::Names& AttributeCatalog::NamesOf(const AttributeOwner& owner) {
  return names_[SlotOf(owner)];
}

void AttributeCatalog::Restore(CatalogChange change) {
  const AttributeDefinition& definition = change.definition;
  NamesOf(definition.owner)[definition.name] =
      Slot{definition.id, definition.type, definition.role};
  next_id_ = std::max<std::uint32_t>(next_id_, std::uint32_t{definition.id} + 1);
  changes_.push_back(std::move(change));
}

Result<AttributeId> AttributeCatalog::Add(AttributeDefinition definition, std::uint64_t epoch) {
  if (next_id_ > std::numeric_limits<AttributeId>::max()) {
    return Error{ErrorCode::kInvalidArgument,
                 "this store has no numbers left for new attributes: " + definition.name};
  }
  definition.id = static_cast<AttributeId>(next_id_);
  Restore(CatalogChange{epoch, definition});
  return definition.id;
}

Result<void> AttributeCatalog::Declare(const AttributeDefinition& declared, std::uint64_t epoch) {
  Names& names = NamesOf(declared.owner);
  const auto found = names.find(declared.name);
  if (found == names.end()) {
    RECOUP_TRY(Add(declared, epoch));
    return {};
  }
  const Slot known = found->second;
  if (known.type != declared.type) {
    return OtherType(declared.owner, declared.name, known.type, declared.type);
  }
  if (known.id < kFirstExtensionAttribute || known.role == declared.role) return {};
  AttributeDefinition changed = declared;
  changed.id = known.id;
  Restore(CatalogChange{epoch, changed});
  return {};
}

Result<AttributeId> AttributeCatalog::Resolve(const AttributeOwner& owner, std::string_view name,
                                              AttributeType type, std::uint64_t epoch) {
  const Names& names = NamesOf(owner);
  const auto found = names.find(name);
  if (found == names.end()) {
    const AttributeRole role =
        type == AttributeType::kText ? AttributeRole::kLabel : AttributeRole::kFeature;
    return Add(AttributeDefinition{0, owner, std::string(name), type, role}, epoch);
  }
  if (found->second.type != type) return OtherType(owner, name, found->second.type, type);
  return found->second.id;
}

std::vector<AttributeDefinition> AttributeCatalog::DefinitionsAt(std::uint64_t epoch) const {
  const std::span<const AttributeDefinition> known = WellKnownAttributes();
  std::map<AttributeId, AttributeDefinition> extensions;
  for (const CatalogChange& change : changes_) {
    if (change.epoch <= epoch) extensions[change.definition.id] = change.definition;
  }
  std::vector<AttributeDefinition> definitions(known.begin(), known.end());
  for (const auto& [id, definition] : extensions) definitions.push_back(definition);
  return definitions;
}

}  // namespace recoup::graph
