// Certificate authorities and certificates for TLS tests, made on the spot.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace recoup::server {

/// A directory of PEM files that disappears with the test; made by the `openssl` command.
class TestCertificates {
 public:
  TestCertificates() {
    std::string pattern = (std::filesystem::temp_directory_path() / "recoup-tls-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~TestCertificates() { std::filesystem::remove_all(directory_); }

  std::string File(const std::string& name) const { return (directory_ / name).string(); }

  /// Makes `name.pem` and `name.key`: an authority that signs itself.
  bool MakeAuthority(const std::string& name) const {
    return Run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" +
               name + " -keyout " + File(name + ".key") + " -out " + File(name + ".pem"));
  }

  /// Makes `name.pem` and `name.key`, signed by the authority, valid for localhost.
  bool MakeCertificate(const std::string& name, const std::string& authority) const {
    const std::string request = File(name + ".csr");
    return Run("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name +
               " -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout " + File(name + ".key") +
               " -out " + request) &&
           Run("x509 -req -days 2 -copy_extensions copy -CAcreateserial -in " + request + " -CA " +
               File(authority + ".pem") + " -CAkey " + File(authority + ".key") + " -out " +
               File(name + ".pem"));
  }

 private:
  static bool Run(const std::string& arguments) {
    return std::system(("openssl " + arguments + " >/dev/null 2>&1").c_str()) == 0;
  }

  std::filesystem::path directory_;
};

}  // namespace recoup::server
