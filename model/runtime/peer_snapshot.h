// A peer book as bytes: a cache beside the store that saves reading every resolved loan again
// (docs/formats/peers.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "graph/types/result.h"
#include "model/artifact/ensemble.h"
#include "model/features/feature_schema.h"
#include "model/runtime/peer_book_parts.h"

namespace recoup::model {

/// Raise it whenever the bytes, or what is made of the same facts and the same model, change:
/// snapshots of other formats are not read.
inline constexpr std::uint64_t kPeerSnapshotFormat = 1;

/// Returns the parts, sealed: eight bytes of checksum over format, model and body, then the body.
std::string WritePeerSnapshot(const PeerBookParts& parts, std::string_view model_checksum);

/// Reads what WritePeerSnapshot made for the same model.
/// Errors: kDataLoss (anything else).
Result<PeerBookParts> ReadPeerSnapshot(std::string_view sealed, std::string_view model_checksum,
                                       const Ensemble& ensemble, const FeatureSchema& schema);

/// As ReadPeerSnapshot, of the body alone; whatever the bytes are, nothing of what it returns
/// points outside. Errors: kDataLoss.
Result<PeerBookParts> ParsePeerSnapshot(std::string_view body, const Ensemble& ensemble,
                                        const FeatureSchema& schema);

}  // namespace recoup::model
