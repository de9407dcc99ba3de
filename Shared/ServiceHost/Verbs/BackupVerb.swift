internal import Storage

enum BackupVerb {
  static func run(
    _ definition: ServiceDefinition, _ configuration: Configuration, to path: String
  ) async throws -> ExitCode {
    let store = try StoreOpening.readOnly(definition, configuration)
    do {
      try await store.backup(to: path)
    } catch {
      await store.close()
      throw ServiceHostError(.store, "backup to \(path): \(error)")
    }
    let events = store.eventHead
    await store.close()
    print("\(path): copy of \(store.path) with \(events) events")
    return .success
  }
}
