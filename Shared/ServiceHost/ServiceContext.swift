package import Kernel
package import Logging
package import Observability
package import PlainRPC
package import Policy
package import RPCEdge
package import Storage

/// What `ServiceDefinition.build` composes a service from.
package struct ServiceContext: Sendable {
  package let edge: Edge
  /// The packs that `packs` names, in order of precedence.
  package let policy: PolicyBook
  package let logger: Logger
  package let metrics: Metrics
  package let configuration: Configuration
  /// The wall clock, for background tasks; RPCs get their time from `CallInfo.now`.
  package let clock: @Sendable () -> Instant

  let openStore: Store?
  let clients: [Peer: PlainClient]
  let ports: PortReport

  /// The process's store, open and migrated.
  /// - Throws: `ServiceHostError` when the definition gives no migrations.
  package var store: Store {
    get throws {
      guard let openStore else { throw ServiceHostError.definition("this service has no store") }
      return openStore
    }
  }

  /// A client of another service. Every call carries this process's own credentials; add
  /// `call.forwarding(…)` to act for a caller and to pass on deadline and trace.
  /// - Throws: `ServiceHostError` when the definition does not list the peer.
  package func client(of peer: Peer) throws -> PlainClient {
    guard let client = clients[peer] else {
      throw ServiceHostError.definition("this service does not list \(peer.rawValue) among its peers")
    }
    return client
  }

  /// Tells the host which port one of `ownListeners` is bound to.
  package func reportPort(_ port: Int, of listener: String) { ports.report(port, of: listener) }
}
