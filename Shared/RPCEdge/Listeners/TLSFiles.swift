/// PEM files of a listener that speaks TLS.
package struct TLSFiles: Sendable, Hashable {
  /// Certificate chain, leaf first.
  package let certificate: String
  package let key: String
  /// Authorities whose clients are admitted; `nil` asks clients for no certificate.
  package let clientAuthority: String?

  package init(certificate: String, key: String, clientAuthority: String? = nil) {
    self.certificate = certificate
    self.key = key
    self.clientAuthority = clientAuthority
  }
}
