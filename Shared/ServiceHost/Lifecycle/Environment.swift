internal import Crypto
internal import Foundation
internal import GRPCCore
internal import Logging
internal import PlainRPC
internal import Policy
internal import RPCEdge

/// What the configuration means: the parts of a process that come from files and keys.
struct Environment {
  let configuration: Configuration

  // MARK: Logs

  func logger(of definition: ServiceDefinition) -> Logger {
    Logger(label: definition.executable)
  }

  // MARK: Identity

  var isDevelopment: Bool { configuration.boolean("development") }

  /// - Throws: `ConfigurationError`; `ServiceHostError` naming file and line.
  func authenticator() throws -> any Authenticator {
    if isDevelopment {
      if configuration.text("keys") != nil { throw configuration.wrong("development", "excludes keys") }
      try requireLoopback()
      return DevelopmentAuthenticator()
    }
    guard let path = configuration.text("keys") else {
      throw ConfigurationError(
        .flag("--keys"), "a file of API keys is required; --development does without on loopback")
    }
    do {
      return KeyAuthenticator(try KeyFile(yaml: try read(path, key: "keys"), file: path))
    } catch let error as KeyFileError {
      throw ServiceHostError(.configuration, error.description)
    }
  }

  /// Development mode believes anybody, so nobody from outside may reach it.
  private func requireLoopback() throws(ConfigurationError) {
    for key in configuration.keys where key.name.hasSuffix("-address") && key.kind == .text {
      guard let address = configuration.text(key.name) else { continue }
      if Self.isLoopback(address) { continue }
      throw configuration.wrong(key.name, "must be a loopback address in development mode, not \(address)")
    }
  }

  /// Whether only this machine can mean the address: a host name such as `127.example` may mean any.
  private static func isLoopback(_ address: String) -> Bool {
    if address == "::1" || address == "localhost" { return true }
    var parsed = in_addr()
    return inet_pton(AF_INET, address, &parsed) == 1 && address.hasPrefix("127.")
  }

  /// Metadata with which this process calls its peers.
  func peerCredentials(of definition: ServiceDefinition) throws -> Metadata {
    if definition.peers.isEmpty { return [:] }
    if isDevelopment {
      return [
        "\(CallerHeader.development)":
          "organisation=\(definition.executable);role=service;region=;subject=\(definition.executable)"
      ]
    }
    guard let path = configuration.text("peer-key-file") else {
      throw ConfigurationError(.flag("--peer-key-file"), "is required: this service calls others")
    }
    let key = try read(path, key: "peer-key-file").trimmingCharacters(in: .whitespacesAndNewlines)
    guard (1...256).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw configuration.wrong("peer-key-file", "must hold one key of 1 to 256 visible ASCII characters")
    }
    return ["authorization": "Bearer \(key)"]
  }

  // MARK: TLS

  func tls() throws(ConfigurationError) -> TLSFiles? {
    guard let certificate = configuration.text("tls-certificate") else {
      for key in ["tls-key", "tls-client-authority"] where configuration.text(key) != nil {
        throw configuration.wrong(key, "needs tls-certificate")
      }
      return nil
    }
    guard let key = configuration.text("tls-key") else { throw configuration.wrong("tls-certificate", "needs tls-key") }
    let authority = configuration.text("tls-client-authority")
    for (name, path) in [
      ("tls-certificate", certificate), ("tls-key", key), ("tls-client-authority", authority ?? key),
    ] {
      guard FileManager.default.isReadableFile(atPath: path) else {
        throw configuration.wrong(name, "cannot be read: \(path)")
      }
    }
    return TLSFiles(certificate: certificate, key: key, clientAuthority: authority)
  }

  // MARK: Policy

  /// - Throws: `ConfigurationError`; `ServiceHostError` with every mistake of every pack.
  func policyBook() throws -> PolicyBook {
    var sources: [PolicySource] = []
    for item in configuration.list("packs") {
      let parts = item.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
      let region = parts.count == 2 ? String(parts[1]) : nil
      for path in try packFiles(String(parts[0])) {
        sources.append(
          PolicySource(
            name: String(path.split(separator: "/").last ?? ""), yaml: try read(path, key: "packs"), adoptedFor: region)
        )
      }
    }
    do {
      return try PolicyBook.load(sources) { Array(SHA256.hash(data: $0)) }
    } catch {
      throw ServiceHostError(.configuration, "\(error)")
    }
  }

  private func packFiles(_ path: String) throws -> [String] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw configuration.wrong("packs", "there is no \(path)")
    }
    guard isDirectory.boolValue else { return [path] }
    let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".yaml") }.sorted()
    if names.isEmpty { throw configuration.wrong("packs", "there is no .yaml file in \(path)") }
    return names.map { "\(path)/\($0)" }
  }

  // MARK: Files

  private func read(_ path: String, key: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self)
    else {
      throw configuration.wrong(key, "cannot be read as UTF-8 text: \(path)")
    }
    return text
  }
}
