// The vocabulary of recoup.v1 (types.proto) from and to our own types.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "graph/schema/attribute.h"
#include "graph/schema/edge_kind.h"
#include "graph/schema/fact.h"
#include "graph/types/date.h"
#include "graph/types/money.h"
#include "graph/types/result.h"
#include "recoup/v1/types.pb.h"

namespace recoup::server::wire {

void ToProto(Money money, v1::Money* proto);
void ToProto(Date date, v1::Date* proto);
v1::NodeKind ToProto(graph::NodeKind kind);
v1::EdgeKind ToProto(graph::EdgeKind kind);
void ToProto(const graph::NodeKey& key, v1::NodeKey* proto);
void ToProto(const graph::NamedAttribute& attribute, v1::Attribute* proto);

/// Errors of every FromProto: kInvalidArgument (what is unset, unknown or malformed).
Result<Money> FromProto(const v1::Money& proto);
Result<Date> FromProto(const v1::Date& proto);
Result<graph::NodeKind> FromProto(v1::NodeKind proto);
Result<graph::EdgeKind> FromProto(v1::EdgeKind proto);
Result<graph::NodeKey> FromProto(const v1::NodeKey& proto);
Result<graph::NamedAttribute> FromProto(const v1::Attribute& proto);

/// Reads a field that may be absent, or one that may not; errors name `field`.
Result<std::optional<Date>> OptionalDate(bool present, const v1::Date& proto,
                                         std::string_view field);
Result<Date> RequiredDate(bool present, const v1::Date& proto, std::string_view field);

}  // namespace recoup::server::wire
