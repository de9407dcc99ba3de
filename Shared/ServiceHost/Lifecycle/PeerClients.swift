internal import GRPCCore
internal import Logging
internal import NIOSSL
internal import PlainRPC
internal import ServiceLifecycle

/// The clients of a process's peers. They connect when first used and carry the process's own credentials.
struct PeerClients: Service {
  let byPeer: [Peer: PlainClient]

  /// - Throws: `ServiceHostError` naming the key that is wrong.
  init(
    _ definition: ServiceDefinition, _ configuration: Configuration, credentials: Metadata, logger: Logger
  ) throws(ServiceHostError) {
    var clients: [Peer: PlainClient] = [:]
    for peer in definition.peers {
      let address = configuration.text("\(peer.rawValue)-address").flatMap { HostAndPort($0) }
      guard let address else { throw .definition("the key \(peer.rawValue)-address is missing") }
      var options = PlainClientConfiguration(agent: "\(definition.executable)/1")
      options.metadata = credentials
      if let authority = configuration.text("peer-authority") {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(authority)
        options.tls = tls
      }
      do {
        clients[peer] = try PlainClient(host: address.host, port: address.port, configuration: options, logger: logger)
      } catch {
        throw ServiceHostError(.configuration, "client of \(peer.rawValue) at \(address): \(error)")
      }
    }
    byPeer = clients
  }

  /// Keeps the clients until everything that uses them has ended.
  func run() async throws {
    try? await gracefulShutdown()
    await close()
  }

  func close() async { for client in byPeer.values { await client.close() } }
}
