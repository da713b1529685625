#include "server/grpc/tls_files.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "tests/unit/server/grpc/test_certificates.h"

namespace recoup::server {
namespace {

TEST_CASE("TLS files are checked one by one, and the key against the certificate") {
  const TestCertificates files;
  REQUIRE(files.MakeAuthority("ca"));
  REQUIRE(files.MakeCertificate("server", "ca"));
  REQUIRE(files.MakeCertificate("other", "ca"));
  std::ofstream(files.File("junk.pem")) << "not PEM";
  const TlsFiles good{files.File("server.pem"), files.File("server.key"), files.File("ca.pem")};
  CHECK(CheckTlsFiles({}));
  CHECK(CheckTlsFiles(good));

  const auto message = [](const TlsFiles& tls) {
    const auto checked = CheckTlsFiles(tls);
    return checked ? "accepted" : checked.error().message;
  };
  TlsFiles tls = good;
  tls.certificate = files.File("absent.pem");
  CHECK(message(tls) == "cannot read the certificate: " + tls.certificate);
  tls.certificate = files.File("junk.pem");
  CHECK(message(tls) == "not a PEM certificate: " + tls.certificate);
  tls = good;
  tls.private_key = files.File("other.key");
  CHECK(message(tls) == "the private key does not belong to the certificate: " + tls.private_key);
  tls.private_key = files.File("server.pem");
  CHECK(message(tls) == "not a PEM private key without a passphrase: " + tls.private_key);
  tls = good;
  tls.client_ca = files.File("absent.pem");
  CHECK(message(tls) == "cannot read the certificate: " + tls.client_ca);
}

}  // namespace
}  // namespace recoup::server
