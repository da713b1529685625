// The PEM files of TLS, checked before gRPC sees them: gRPC would only fail each handshake.
#pragma once

#include <string>

#include "graph/types/result.h"

namespace recoup::server {

/// All empty: no TLS. With a client CA, clients must show a certificate signed by it.
struct TlsFiles {
  std::string certificate;
  std::string private_key;
  std::string client_ca;
};

/// Errors: kInvalidArgument (a file cannot be read or is not PEM, the key does not belong to the
/// certificate; names the file).
Result<void> CheckTlsFiles(const TlsFiles& files);

}  // namespace recoup::server
