internal import Logging
internal import Observability
internal import RPCEdge
internal import ServiceLifecycle

/// Last in the list and first to stop: says that the process is ready when everything before it is, and that it is not
/// when the drain begins.
struct ReadyGate: Service {
  let definition: ServiceDefinition
  let configuration: Configuration
  let health: HealthBoard
  let drain: DrainSignal
  let ports: PortReport
  let ready: DrainSignal
  let logger: Logger
  let started: ContinuousClock.Instant

  func run() async throws {
    let file = configuration.text("ready-file").map(ReadyFile.init(path:))
    do {
      let bound = try await cancelWhenGracefulShutdown { try await ports.all() }
      health.set(serving: true)
      try file?.write(service: definition.name, ports: bound)
      announce(bound)
      ready.begin()
      try await gracefulShutdown()
    } catch is CancellationError {}
    logger.info("draining")
    health.set(serving: false)
    file?.remove()
    drain.begin()
  }

  private func announce(_ bound: [String: Int]) {
    let (seconds, attoseconds) = (ContinuousClock.now - started).components
    var fields: Logger.Metadata = ["startup_ms": "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)"]
    for (listener, port) in bound { fields["\(listener)_port"] = "\(port)" }
    if let bytes = ProcessMetrics.residentBytes { fields["rss_kib"] = "\(bytes / 1024)" }
    logger.info("ready", metadata: fields)
  }
}
