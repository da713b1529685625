#include "server/client/cpp/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <fstream>
#include <iterator>
#include <string>

namespace recoup::server::client {
namespace {

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.is_open() || text.empty()) {
    return Error{ErrorCode::kInvalidArgument, "cannot read the TLS file: " + path};
  }
  return text;
}

Result<std::shared_ptr<grpc::ChannelCredentials>> CredentialsOf(const RemoteOptions& options) {
  if (options.certificate.empty() != options.private_key.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "the client's certificate and private key come together"};
  }
  if (options.server_ca.empty()) {
    if (!options.certificate.empty()) {
      return Error{ErrorCode::kInvalidArgument,
                   "a client certificate needs TLS: name the CA of the server's certificate"};
    }
    return grpc::InsecureChannelCredentials();
  }
  grpc::SslCredentialsOptions ssl;
  RECOUP_ASSIGN(ssl.pem_root_certs, ReadFile(options.server_ca));
  if (!options.certificate.empty()) {
    RECOUP_ASSIGN(ssl.pem_cert_chain, ReadFile(options.certificate));
    RECOUP_ASSIGN(ssl.pem_private_key, ReadFile(options.private_key));
  }
  return grpc::SslCredentials(ssl);
}

}  // namespace

Result<std::shared_ptr<grpc::Channel>> OpenChannel(const RemoteOptions& options) {
  RECOUP_ASSIGN(const std::shared_ptr<grpc::ChannelCredentials> credentials,
                CredentialsOf(options));
  grpc::ChannelArguments arguments;
  // Cards and neighbourhoods of hubs may be larger than gRPC's default of 4 MiB.
  arguments.SetMaxReceiveMessageSize(64 << 20);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  // Sources do not share a connection: each keeps its own credentials and its own end.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // A proxy in the environment is for the web, not for this.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  if (!options.server_name.empty()) arguments.SetSslTargetNameOverride(options.server_name);
  return grpc::CreateCustomChannel(options.address, credentials, arguments);
}

}  // namespace recoup::server::client
