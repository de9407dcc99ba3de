internal import ServiceLifecycle
internal import Storage

/// Keeps the store open until everything that uses it has ended.
struct StoreService: Service {
  let store: Store

  func run() async throws {
    try? await gracefulShutdown()
    await store.close()
  }
}
