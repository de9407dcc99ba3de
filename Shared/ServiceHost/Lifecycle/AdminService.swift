internal import ServiceLifecycle

/// The admin listener: first up among the listeners and last down, so that probes see the whole life.
struct AdminService: Service {
  let configuration: Configuration
  let pages: AdminPages
  let ports: PortReport

  func run() async throws {
    let (host, port) = (configuration.text("admin-address") ?? "127.0.0.1", configuration.integer("admin-port") ?? 0)
    let listener: AdminListener
    do {
      listener = try await AdminListener.bind(host: host, port: port, pages: pages)
    } catch {
      throw ServiceHostError(.unavailable, "cannot bind the admin listener to \(host):\(port): \(error)")
    }
    ports.report(listener.port, of: "admin")
    try? await gracefulShutdown()
    await listener.close()
  }
}
