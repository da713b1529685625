#include "model/evaluation/attach_peers.h"

#include <cstdint>
#include <memory>

#include "model/features/by_day.h"
#include "model/runtime/peer_book.h"

namespace recoup::model {

Result<void> AttachPeers(const graph::GraphStore& store, const ModelArtifact& artifact,
                         std::span<const Example> examples,
                         std::vector<EncodedNeighbourhood>& inputs) {
  RECOUP_CHECK(examples.size() == inputs.size());
  if (!artifact.ensemble) return {};
  RECOUP_ASSIGN(const std::shared_ptr<const PeerBook> peers,
                PeerBook::Read(store, *artifact.ensemble, artifact.schema));
  DayViews views(store);
  for (const std::uint32_t i : PositionsByDay(examples)) {
    RECOUP_TRY(peers->Attach(views.On(examples[i].as_of), examples[i].loan, &inputs[i]));
  }
  return {};
}

}  // namespace recoup::model
