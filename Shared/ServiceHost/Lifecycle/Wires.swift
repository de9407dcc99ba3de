internal import GRPCCore
internal import Logging
internal import NIOCore
internal import NIOSSL
internal import PlainRPC
internal import Protos
internal import RPCEdge
internal import ServiceLifecycle

/// The two listeners over the same service objects, as one member of the process: they drain together.
struct Wires: Service {
  let definition: ServiceDefinition
  let configuration: Configuration
  let built: BuiltService
  /// Full names of the services.
  let services: [String]
  let health: HealthBoard
  let drain: DrainSignal
  let tls: TLSFiles?
  let ports: PortReport
  let observer: any PlainServerObserver
  let logger: Logger

  func run() async throws {
    let grpc = definition.ports.grpc == nil ? nil : grpcListener()
    let plain = definition.ports.plain == nil ? nil : try plainServer()
    try await withGracefulShutdownHandler {
      try await withThrowingTaskGroup(of: Void.self) { group in
        if let grpc {
          group.addTask { try await serve(grpc) }
          group.addTask { await report(grpc) }
        }
        if let plain {
          group.addTask { try await serve(plain) }
          group.addTask { await report(plain) }
        }
        // Unlike waitForAll, this ends with the first failure and cancels the rest.
        for try await _ in group {}
      }
      // A process without wires stays until the drain all the same.
      if grpc == nil, plain == nil { try? await gracefulShutdown() }
    } onGracefulShutdown: {
      grpc?.drain()
      plain?.beginGracefulShutdown()
    }
  }

  // MARK: gRPC

  private func grpcListener() -> GRPCListener {
    var limits = GRPCListener.Limits()
    limits.maximumMessageBytes = configuration.integer("max-message-bytes") ?? limits.maximumMessageBytes
    limits.maximumConcurrentCalls = configuration.integer("max-concurrent-calls") ?? limits.maximumConcurrentCalls
    let (host, port) = address(of: "grpc")
    let reflection = reflectionService
    return GRPCListener(
      host: host, port: port, tls: tls,
      services: built.grpc + [healthService, reflection, ReflectionAlias(of: reflection)], limits: limits)
  }

  private func serve(_ listener: GRPCListener) async throws {
    do {
      try await listener.run()
    } catch {
      if Task.isCancelled { return }
      let (host, port) = address(of: "grpc")
      throw ServiceHostError(.unavailable, "the gRPC listener on \(host):\(port) failed: \(error)")
    }
  }

  private func report(_ listener: GRPCListener) async {
    // Throws only when the listener fails, and then the listener's own error says why.
    if let port = try? await listener.port { ports.report(port, of: "grpc") }
  }

  // MARK: Plain

  private func plainServer() throws -> PlainServer {
    let (host, port) = address(of: "plain")
    var limits = PlainLimits.default
    limits.maxFrameBytes = max(
      configuration.integer("max-message-bytes") ?? limits.maxFrameBytes, PlainLimits.minimumFrameBytes)
    limits.maxRequestBytesInFlight = max(limits.maxRequestBytesInFlight, limits.maxFrameBytes)
    limits.maxConcurrentCalls = configuration.integer("max-concurrent-calls") ?? limits.maxConcurrentCalls
    do {
      return try PlainServer(
        configuration: PlainServerConfiguration(
          host: host, port: port, tls: try tls?.serverConfiguration(), limits: limits,
          maxConnections: configuration.integer("max-connections") ?? 1024, handlers: definition.handlers,
          drainTimeout: .seconds(configuration.integer("drain-seconds") ?? 10), agent: "\(definition.executable)/1"),
        services: [
          built.plain, Grpc_Health_V1_Health.plainMethods(healthService),
          Grpc_Reflection_V1_ServerReflection.plainMethods(reflectionService),
        ],
        logger: logger, observer: observer)
    } catch {
      throw ServiceHostError(.configuration, "plain listener: \(error)")
    }
  }

  private func serve(_ server: PlainServer) async throws {
    do {
      try await server.run()
    } catch {
      if Task.isCancelled { return }
      throw ServiceHostError(.unavailable, "the plain listener failed: \(error)")
    }
  }

  private func report(_ server: PlainServer) async {
    if let port = await server.listeningAddress?.port { ports.report(port, of: "plain") }
  }

  // MARK: Both

  private func address(of wire: String) -> (String, Int) {
    (configuration.text("\(wire)-address") ?? "127.0.0.1", configuration.integer("\(wire)-port") ?? 0)
  }

  private var healthService: HealthService { HealthService(health, drain: drain) }

  private var reflectionService: ReflectionService {
    ReflectionService(
      services: services + [
        Grpc_Health_V1_Health.descriptor.fullyQualifiedService,
        Grpc_Reflection_V1_ServerReflection.descriptor.fullyQualifiedService,
      ], drain: drain)
  }
}

extension TLSFiles {
  /// The same files for a listener of the plain wire.
  func serverConfiguration() throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
    if let clientAuthority {
      configuration.trustRoots = .file(clientAuthority)
      configuration.certificateVerification = .noHostnameVerification
    }
    return configuration
  }
}
