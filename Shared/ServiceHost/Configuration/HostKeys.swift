/// The keys that every process of the suite has.
package enum HostKeys {
  /// - Parameter name: the service, for its default store file.
  static func table(of definition: ServiceDefinition) -> [ConfigurationKey] {
    var keys = [
      ConfigurationKey("config", .path, "A YAML file with the keys below; flags and variables override it.")
    ]
    if let plain = definition.ports.plain {
      keys += listener("plain", "the suite's own wire (PlainRPC)", port: plain)
    }
    if let grpc = definition.ports.grpc { keys += listener("grpc", "gRPC over HTTP/2", port: grpc) }
    keys += listener("admin", "/livez, /readyz and /metrics over HTTP", port: definition.ports.admin)
    if definition.migrations != nil { keys += storeKeys(definition.name) }
    return keys + policyKeys + identityKeys + tlsKeys + peerKeys(definition.peers) + limitKeys + processKeys
      + definition.keys
  }

  private static func listener(_ name: String, _ what: String, port: Int) -> [ConfigurationKey] {
    [
      ConfigurationKey(
        "\(name)-address", .text, default: "127.0.0.1", "Address to bind for \(what); 0.0.0.0 for every interface."),
      ConfigurationKey(
        "\(name)-port", .integer(0...65_535), default: "\(port)", "Port for \(what); 0 for any free one."),
    ]
  }

  private static func storeKeys(_ name: String) -> [ConfigurationKey] {
    [
      ConfigurationKey("store", .path, default: "\(name).sqlite", "The store's file; its directory must exist."),
      ConfigurationKey(
        "migrate-on-start", .boolean, default: "true",
        "Whether `serve` applies missing migrations; false refuses to start until `migrate` has."),
    ]
  }

  private static let policyKeys = [
    ConfigurationKey(
      "packs", .list,
      "Policy packs in order of precedence, highest first: files, or directories whose .yaml files count in the order "
        + "of their names. A suffix @REGION adopts a pack for another region than its document's (pack.yaml@3703).")
  ]

  private static let identityKeys = [
    ConfigurationKey("keys", .path, "The file of API keys. Required unless `development` is true."),
    ConfigurationKey(
      "development", .boolean, default: "false",
      "Believe callers who say who they are in x-huirong-caller. Loopback addresses only; excludes `keys`."),
  ]

  private static let tlsKeys = [
    ConfigurationKey("tls-certificate", .path, "PEM certificate chain; with it both wires speak TLS."),
    ConfigurationKey("tls-key", .path, "PEM key of `tls-certificate`."),
    ConfigurationKey(
      "tls-client-authority", .path, "PEM authorities; with it clients must present a certificate of theirs."),
  ]

  private static func peerKeys(_ peers: [Peer]) -> [ConfigurationKey] {
    if peers.isEmpty { return [] }
    return Peer.allCases.map { peer in
      ConfigurationKey(
        "\(peer.rawValue)-address", .address, default: peer.defaultAddress,
        "Plain wire of the \(peer.rawValue) service"
          + (peers.contains(peer) ? "." : "; accepted for the sake of shared environments, not used here."))
    } + [
      ConfigurationKey(
        "peer-key-file", .path,
        "File with the API key under which this process calls its peers. Required with peers "
          + "unless `development` is true."),
      ConfigurationKey(
        "peer-authority", .path, "PEM authorities of the peers' certificates; with it peers are called by TLS."),
    ]
  }

  private static let limitKeys = [
    ConfigurationKey(
      "max-message-bytes", .integer(1024...(64 << 20)), default: "\(4 << 20)", "Largest request message, in bytes."),
    ConfigurationKey(
      "max-connections", .integer(1...1_000_000), default: "1024", "Connections of the plain wire at once."),
    ConfigurationKey(
      "max-concurrent-calls", .integer(1...1_000_000), default: "1024", "Calls that one connection may have open."),
    ConfigurationKey(
      "drain-seconds", .integer(0...600), default: "10", "Time that calls in flight get to finish on SIGTERM."),
  ]

  private static let processKeys = [
    ConfigurationKey("log-format", .choice(["json", "human"]), default: "json", "How log lines look."),
    ConfigurationKey(
      "log-level", .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]), default: "info",
      "The least level that is logged; debug has one line a call."),
    ConfigurationKey(
      "ready-file", .path,
      "A JSON file with pid and bound ports, written whole when the process is ready and removed when it drains."),
  ]
}
