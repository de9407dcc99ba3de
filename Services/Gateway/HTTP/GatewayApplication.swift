import GatewayConsole
package import GatewayJourney
import HTTPTypes
package import Hummingbird
package import Logging
package import ServiceLifecycle

/// The gateway's HTTP server: JSON in front of every RPC, journeys, and the console.
package enum GatewayApplication {
  /// - Parameter onPort: told the bound port once the server accepts.
  package static func make(
    coordinator: JourneyCoordinator, host: String, port: Int, logger: Logger, onPort: @escaping @Sendable (Int) -> Void
  ) -> some Service {
    let router = Router()
    JourneyRoutes(coordinator: coordinator, logger: logger).register(on: router)
    RPCRoutes(clients: coordinator.clients, logger: logger).register(on: router)
    ConsoleRoutes(clients: coordinator.clients, logger: logger).register(on: router)
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .notice)
    return Application(
      router: router,
      configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "huirong-gateway"),
      onServerRunning: { channel in onPort(channel.localAddress?.port ?? port) }, logger: quiet)
  }
}
