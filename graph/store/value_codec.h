// Attribute values as bytes.
#pragma once

#include <vector>

#include "graph/schema/attribute.h"
#include "graph/store/byte_codec.h"
#include "graph/store/graph_view.h"

namespace recoup::graph {

void WriteDay(Date day, ByteWriter* out);
Date ReadDay(ByteReader* in);

/// Writes the type's number, then the value.
void WriteValue(const AttributeValue& value, ByteWriter* out);

/// Fails `in` on an unknown type or currency.
AttributeValue ReadValue(ByteReader* in);

void WriteAttributes(const std::vector<StoredAttribute>& attributes, ByteWriter* out);
std::vector<StoredAttribute> ReadAttributes(ByteReader* in);

}  // namespace recoup::graph
