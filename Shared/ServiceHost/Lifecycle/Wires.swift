internal import GRPCCore
internal import Logging
internal import PlainRPC
internal import Protos
internal import RPCEdge
internal import ServiceLifecycle

/// The two listeners over the same service objects.
struct Wires {
  let definition: ServiceDefinition
  let configuration: Configuration
  let built: BuiltService
  let services: [String]
  let health: HealthBoard
  let drain: DrainSignal
  let tls: TLSFiles?
  let ports: PortReport
  let logger: Logger

  private var healthService: HealthService { HealthService(health, drain: drain) }

  private var reflectionService: ReflectionService {
    ReflectionService(
      services: services + [
        Grpc_Health_V1_Health.descriptor.fullyQualifiedService,
        Grpc_Reflection_V1_ServerReflection.descriptor.fullyQualifiedService,
      ], drain: drain)
  }

  var grpcService: GRPCWire {
    var limits = GRPCListener.Limits()
    limits.maximumMessageBytes = configuration.integer("max-message-bytes") ?? limits.maximumMessageBytes
    limits.maximumConcurrentCalls = configuration.integer("max-concurrent-calls") ?? limits.maximumConcurrentCalls
    let (host, port) = (configuration.text("grpc-address") ?? "127.0.0.1", configuration.integer("grpc-port") ?? 0)
    let listener = GRPCListener(
      host: host, port: port, tls: tls, services: built.grpc + [healthService, reflectionService], limits: limits)
    return GRPCWire(listener: listener, address: "\(host):\(port)", ports: ports)
  }

  var plainService: GRPCWire { grpcService }
}

/// The gRPC listener as a member of the process.
struct GRPCWire: Service {
  let listener: GRPCListener
  let address: String
  let ports: PortReport

  func run() async throws {
    let (listener, ports) = (listener, ports)
    try await withGracefulShutdownHandler {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          do {
            try await listener.run()
          } catch {
            throw ServiceHostError(.unavailable, "the gRPC listener on \(address) failed: \(error)")
          }
        }
        // Throws only when the listener fails, and then the listener's own error says why.
        if let port = try? await listener.port { ports.report(port, of: "grpc") }
        try await group.waitForAll()
      }
    } onGracefulShutdown: {
      listener.drain()
    }
  }
}
