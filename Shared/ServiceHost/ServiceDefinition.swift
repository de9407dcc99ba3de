package import GRPCCore
package import PlainRPC
package import RPCEdge
package import Storage

/// What a process of the suite is: all that its `main.swift` says.
///
/// ```swift
/// import ServiceHost
///
/// await ServiceHost.run(
///   ServiceDefinition(
///     name: "fund", summary: "The guarantee fund: accounts, guarantees, bridge loans, claims, subsidies.",
///     ports: DefaultPorts(plain: 7103, grpc: 7203, admin: 7303),
///     migrations: FundMigrations.all,
///     methods: Huirong_Fund_V1_FundService.Method.descriptors, access: FundAccess.table,
///     peers: [.demand]
///   ) { context in
///     let repository = FundStore(try context.store)
///     let service = FundService(edge: context.edge, repository: repository, policy: context.policy)
///     return BuiltService(
///       plain: Huirong_Fund_V1_FundService.plainMethods(service), grpc: [service],
///       background: [BackgroundTask("expire reservations") { try await repository.expireReservations() }])
///   }
/// )
/// ```
///
/// `build` runs after the store is open and migrated and before any listener accepts. It is the one composition root.
package struct ServiceDefinition: Sendable {
  /// `fund`: names the executable (`huirong-fund`), the logs and the store's default file.
  package let name: String
  /// One sentence for `--help`.
  package let summary: String
  package let ports: DefaultPorts
  /// Migrations of the store, oldest first; `nil` for a process without a store.
  package let migrations: [Migration]?
  /// Hash chains of the store besides its event log; `check` verifies them.
  package let chains: [ChainTable]
  /// Every method that `build` serves.
  package let methods: [MethodDescriptor]
  package let access: AccessTable
  /// Services that this one calls.
  package let peers: [Peer]
  /// Where the plain wire runs handlers: on the event loop by default; services that compute for long say otherwise.
  package let handlers: PlainServerConfiguration.HandlerPlacement
  /// Configuration keys of this service alone.
  package let keys: [ConfigurationKey]
  /// Listeners that the service brings itself (the gateway's `http`): it must report each one's port by
  /// `context.reportPort` before the process is ready.
  package let ownListeners: [String]
  package let build: @Sendable (ServiceContext) async throws -> BuiltService

  package init(
    name: String, summary: String, ports: DefaultPorts, migrations: [Migration]?, chains: [ChainTable] = [],
    methods: [MethodDescriptor], access: AccessTable, peers: [Peer] = [],
    handlers: PlainServerConfiguration.HandlerPlacement = .eventLoop,
    keys: [ConfigurationKey] = [], ownListeners: [String] = [],
    build: @escaping @Sendable (ServiceContext) async throws -> BuiltService
  ) {
    self.name = name
    self.summary = summary
    self.ports = ports
    self.migrations = migrations
    self.chains = chains
    self.methods = methods
    self.access = access
    self.peers = peers
    self.handlers = handlers
    self.keys = keys
    self.ownListeners = ownListeners
    self.build = build
  }

  package var executable: String { "huirong-\(name)" }
}

/// Ports that a process listens on unless told otherwise; a wire without one is not served.
package struct DefaultPorts: Sendable {
  package let plain: Int?
  package let grpc: Int?
  package let admin: Int

  package init(plain: Int?, grpc: Int?, admin: Int) {
    self.plain = plain
    self.grpc = grpc
    self.admin = admin
  }

  package static let demand = DefaultPorts(plain: 7101, grpc: 7201, admin: 7301)
  package static let catalog = DefaultPorts(plain: 7102, grpc: 7202, admin: 7302)
  package static let fund = DefaultPorts(plain: 7103, grpc: 7203, admin: 7303)
  package static let evaluation = DefaultPorts(plain: 7104, grpc: 7204, admin: 7304)
  /// The gateway serves HTTP of its own on 8080.
  package static let gateway = DefaultPorts(plain: nil, grpc: nil, admin: 7305)
}

/// A service of the suite that another one calls; its address is the configuration key `<name>-address`.
package enum Peer: String, Sendable, CaseIterable {
  case demand, catalog, fund, evaluation

  /// Where the service listens by default, on its plain wire.
  package var defaultAddress: String {
    switch self {
    case .demand: "127.0.0.1:7101"
    case .catalog: "127.0.0.1:7102"
    case .fund: "127.0.0.1:7103"
    case .evaluation: "127.0.0.1:7104"
    }
  }
}

/// What `build` hands back.
package struct BuiltService: Sendable {
  /// The method tables that the plugin generates: `X.plainMethods(service)`, several services' tables concatenated.
  package var plain: [PlainMethod]
  /// The same service objects for the gRPC listener.
  package var grpc: [any RegistrableRPCService]
  package var background: [BackgroundTask]

  package init(
    plain: [PlainMethod] = [], grpc: [any RegistrableRPCService] = [], background: [BackgroundTask] = []
  ) {
    self.plain = plain
    self.grpc = grpc
    self.background = background
  }
}

/// Work that runs as long as the process and has the drain time to end. Ending by an error before that stops the process: a
/// follower that died must not look healthy.
package struct BackgroundTask: Sendable {
  /// What a task meets when the process drains.
  package enum Drain: Sendable {
    case cancel
    /// Nothing: it sees the graceful shutdown itself, accepts nothing more and finishes what it has, as a server does.
    case finish
  }

  package let name: String
  package let drain: Drain
  package let run: @Sendable () async throws -> Void

  package init(_ name: String, drain: Drain = .cancel, run: @escaping @Sendable () async throws -> Void) {
    self.name = name
    self.drain = drain
    self.run = run
  }
}
