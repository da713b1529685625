// The attributes that one store knows: the well-known ones and its own extensions.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/schema/attribute.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// One change of the catalog: a new extension, or a new role of an old one.
struct CatalogChange {
  std::uint64_t epoch = 0;
  AttributeDefinition definition;

  bool operator==(const CatalogChange&) const = default;
};

/// Numbers extension attributes and remembers since which epoch each is known.
/// Threads: confine, or guard from outside. Copy it to try changes that may be thrown away.
class AttributeCatalog {
 public:
  AttributeCatalog();

  /// Takes back a change that was stored. Changes come in the order in which they were made.
  void Restore(CatalogChange change);

  /// Adds the extension, or changes its role. A well-known attribute stays as it is.
  /// Errors: kInvalidArgument (known with another type, or too many extensions).
  Result<void> Declare(const AttributeDefinition& declared, std::uint64_t epoch);

  /// Returns the id of this attribute; an unknown name becomes a feature (text: a label).
  /// Errors: kInvalidArgument (known with another type, or too many extensions).
  Result<AttributeId> Resolve(const AttributeOwner& owner, std::string_view name,
                              AttributeType type, std::uint64_t epoch);

  /// Every change, oldest first.
  const std::vector<CatalogChange>& changes() const { return changes_; }

  /// Returns what was known at this epoch, ascending by id.
  std::vector<AttributeDefinition> DefinitionsAt(std::uint64_t epoch) const;

 private:
  struct Slot {
    AttributeId id = 0;
    AttributeType type = AttributeType::kNumber;
    AttributeRole role = AttributeRole::kFeature;
  };
  using Names = std::map<std::string, Slot, std::less<>>;

  Result<AttributeId> Add(AttributeDefinition definition, std::uint64_t epoch);
  Names& NamesOf(const AttributeOwner& owner);

  std::vector<Names> names_;  // by owner
  std::vector<CatalogChange> changes_;
  std::uint32_t next_id_ = kFirstExtensionAttribute;
};

}  // namespace recoup::graph
