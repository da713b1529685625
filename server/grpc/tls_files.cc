#include "server/grpc/tls_files.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <memory>

namespace recoup::server {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Error Invalid(const std::string& what, const std::string& path) {
  ERR_clear_error();
  return {ErrorCode::kInvalidArgument, what + ": " + path};
}

Result<Certificate> ReadCertificate(const std::string& path) {
  const File file(std::fopen(path.c_str(), "rb"));
  if (!file) return Invalid("cannot read the certificate", path);
  Certificate certificate(PEM_read_X509(file.get(), nullptr, nullptr, nullptr), &X509_free);
  if (!certificate) return Invalid("not a PEM certificate", path);
  return certificate;
}

// A key with a passphrase is refused instead of asking for it on the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

Result<Key> ReadKey(const std::string& path) {
  const File file(std::fopen(path.c_str(), "rb"));
  if (!file) return Invalid("cannot read the private key", path);
  Key key(PEM_read_PrivateKey(file.get(), nullptr, &NoPassphrase, nullptr), &EVP_PKEY_free);
  if (!key) return Invalid("not a PEM private key without a passphrase", path);
  return key;
}

}  // namespace

Result<void> CheckTlsFiles(const TlsFiles& files) {
  if (files.certificate.empty() && files.client_ca.empty()) return {};
  RECOUP_ASSIGN(const Certificate certificate, ReadCertificate(files.certificate));
  RECOUP_ASSIGN(const Key key, ReadKey(files.private_key));
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return Invalid("the private key does not belong to the certificate", files.private_key);
  }
  if (!files.client_ca.empty()) RECOUP_TRY(ReadCertificate(files.client_ca));
  return {};
}

}  // namespace recoup::server
