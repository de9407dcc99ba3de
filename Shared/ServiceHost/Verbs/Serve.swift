internal import GRPCCore
internal import Kernel
internal import Logging
internal import Observability
internal import Policy
internal import RPCEdge
internal import ServiceLifecycle
internal import Storage
internal import UnixSignals

/// The verb `serve`: builds the process bottom-up, runs it, and takes it down in the reverse order.
struct Serve {
  let definition: ServiceDefinition
  let configuration: Configuration
  let environment: Environment
  let logger: Logger
  let metrics = Metrics()
  let started = ContinuousClock.now

  init(_ definition: ServiceDefinition, _ configuration: Configuration) {
    self.definition = definition
    self.configuration = configuration
    environment = Environment(configuration: configuration)
    logger = environment.logger(of: definition)
  }

  /// What a test has of a process: it learns when it is ready, and can end it without a signal.
  struct Handle: Sendable {
    let ready = DrainSignal()
    let stop = DrainSignal()
  }

  /// Runs until SIGTERM or SIGINT, or until the handle's `stop` fires.
  func run(_ handle: Handle = Handle()) async throws -> ExitCode {
    ProcessMetrics.register(on: metrics)
    let authenticator = try environment.authenticator()
    let tls = try environment.tls()
    let credentials = try environment.peerCredentials(of: definition)
    let policy = try environment.policyBook()
    if environment.isDevelopment {
      logger.warning("development mode: every caller is believed; loopback only")
    }
    logger.info(
      "policy loaded", metadata: ["digest": "\(policy.digest)", "packs": "\(configuration.list("packs").count)"])
    let edge = try edge(authenticator)
    let store = try await openStore()
    let clients = try PeerClients(definition, configuration, credentials: credentials, logger: logger)
    let ports = PortReport(expecting: listeners)
    let context = ServiceContext(
      edge: edge, policy: policy, logger: logger, metrics: metrics, configuration: configuration,
      clock: SystemClock.now, openStore: store, clients: clients.byPeer, ports: ports)
    let built: BuiltService
    do {
      built = try await definition.build(context)
    } catch {
      await clients.close()
      await store?.close()
      throw error
    }
    return try await serve(built, edge, store, clients, ports, tls, handle)
  }

  /// Listeners that must be bound before the process is ready.
  private var listeners: [String] {
    ["admin"] + (definition.ports.plain == nil ? [] : ["plain"]) + (definition.ports.grpc == nil ? [] : ["grpc"])
      + definition.ownListeners
  }

  private func edge(_ authenticator: any Authenticator) throws(ServiceHostError) -> Edge {
    do {
      return try Edge(
        methods: definition.methods, access: definition.access, authenticator: authenticator, metrics: metrics,
        logger: logger, clock: SystemClock.now)
    } catch {
      throw ServiceHostError(.software, error.description)
    }
  }

  private func openStore() async throws -> Store? {
    guard let migrations = definition.migrations else { return nil }
    let options = try StoreOpening.configuration(configuration, logger)
    let store = try StoreOpening.withExitCode { try Store.open(options, migrations: migrations) }
    do {
      // Ready means writable, so write.
      try await store.probe()
    } catch {
      await store.close()
      throw ServiceHostError(.store, "the store \(options.path) takes no writes: \(error)")
    }
    StoreMetrics.register(store, on: metrics)
    return store
  }

  /// In the order of dependency; the group stops them in the reverse order, each when those after it have ended.
  private func serve(
    _ built: BuiltService, _ edge: Edge, _ store: Store?, _ clients: PeerClients, _ ports: PortReport, _ tls: TLSFiles?,
    _ handle: Handle
  ) async throws -> ExitCode {
    let services = Set(definition.methods.map(\.service.fullyQualifiedService)).sorted()
    let health = HealthBoard(services: services)
    let wires = Wires(
      definition: definition, configuration: configuration, built: built, services: services, health: health,
      drain: edge.drain, tls: tls, ports: ports, observer: PlainMetrics(on: metrics), logger: logger)
    let gate = ReadyGate(
      definition: definition, configuration: configuration, health: health, drain: edge.drain, ports: ports,
      ready: handle.ready, logger: logger, started: started)
    let pages = AdminPages(metrics: metrics, health: health) { [weak store] in
      guard let store else { return nil }
      let statistics = store.statistics
      if statistics.isStopped { return "the store has stopped" }
      return statistics.isDiskFull ? "the store has no room: writes are refused" : nil
    }
    var members: [any Service] = []
    if let store { members.append(StoreService(store: store)) }
    members.append(AdminService(configuration: configuration, pages: pages, ports: ports))
    members.append(clients)
    members.append(wires)
    members.append(BackgroundService(tasks: built.background, logger: logger))
    members.append(gate)
    return try await runGroup(members, handle)
  }

  private func runGroup(_ members: [any Service], _ handle: Handle) async throws -> ExitCode {
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    var options = ServiceGroupConfiguration(
      // Without a name the group would print each member, and with it everything that hangs on it.
      services: members.map { .init(service: $0, serviceName: "\(type(of: $0))") },
      gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
    options.maximumGracefulShutdownDuration = .seconds(configuration.integer("drain-seconds") ?? 10)
    let group = ServiceGroup(configuration: options)
    do {
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
          try await handle.stop.wait()
          await group.triggerGracefulShutdown()
        }
        defer { tasks.cancelAll() }
        try await group.run()
      }
    } catch is CancellationError {
      // The drain time passed: what was in flight has been cancelled, and the store is closed all the same.
      logger.warning("stopped with calls in flight: the drain time passed")
    }
    logger.info("stopped")
    return .success
  }
}
