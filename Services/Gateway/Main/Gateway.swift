import GatewayHTTP
import GatewayJourney
import RPCEdge
import ServiceHost
import ServiceLifecycle

@main
enum Gateway {
  static let keys = [
    ConfigurationKey("http-address", .text, default: "127.0.0.1", "Address to bind for HTTP/JSON and the console."),
    ConfigurationKey(
      "http-port", .integer(0...65_535), default: "8080", "Port for HTTP/JSON and the console; 0 for any free one."),
    ConfigurationKey(
      "reservation-days", .integer(1...365), default: "30",
      "Days after signature within which a guarantee must be drawn when the contract names no last day."),
    ConfigurationKey(
      "push-limit", .integer(1...200), default: "20", "Institutions that a demand is pushed to at most."),
    ConfigurationKey(
      "reconcile-seconds", .integer(1...86_400), default: "60", "Seconds between two looks at every unfinished journey."
    ),
  ]

  static func main() async {
    await ServiceHost.run(
      ServiceDefinition(
        name: "gateway", summary: "HTTP/JSON in front of the suite, journeys from demand to close-out, the console.",
        ports: .gateway, migrations: nil, methods: [], access: AccessTable(service: "", [:]), peers: Peer.allCases,
        keys: keys, ownListeners: ["http"], build: build))
  }

  @Sendable static func build(_ context: ServiceContext) async throws -> BuiltService {
    let clients = SuiteClients(
      demand: try context.client(of: .demand), catalog: try context.client(of: .catalog),
      fund: try context.client(of: .fund), evaluation: try context.client(of: .evaluation))
    let settings = JourneySettings(
      reservationDays: context.configuration.integer("reservation-days") ?? 30,
      pushLimit: context.configuration.integer("push-limit") ?? 20)
    let coordinator = JourneyCoordinator(
      clients: clients, settings: settings, logger: context.logger, now: context.clock)
    let reconciler = Reconciler(
      coordinator, interval: .seconds(context.configuration.integer("reconcile-seconds") ?? 60), logger: context.logger)
    let application = GatewayApplication.make(
      coordinator: coordinator, host: context.configuration.text("http-address") ?? "127.0.0.1",
      port: context.configuration.integer("http-port") ?? 8080, logger: context.logger,
      onPort: { context.reportPort($0, of: "http") })
    return BuiltService(background: [
      BackgroundTask("http", drain: .finish) { try await application.run() },
      BackgroundTask("reconciler") { try await reconciler.run() },
    ])
  }
}
