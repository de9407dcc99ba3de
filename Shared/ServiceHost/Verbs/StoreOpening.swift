internal import Logging
internal import Storage

/// How verbs open the store of a definition.
enum StoreOpening {
  static func configuration(_ configuration: Configuration, _ logger: Logger) throws -> StoreConfiguration {
    var store = StoreConfiguration(path: try configuration.required("store"), logger: logger)
    store.migrationPolicy = configuration.boolean("migrate-on-start") ? .apply : .require
    return store
  }

  /// Runs `body` and turns the store's refusals into the exit code of store errors.
  static func withExitCode<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as StoreOpenError {
      throw ServiceHostError(.store, error.description)
    }
  }

  /// The store beside a process that may be serving from it.
  static func readOnly(_ definition: ServiceDefinition, _ configuration: Configuration) throws -> Store {
    var store = try self.configuration(configuration, Logger(label: definition.executable))
    store.access = .readOnly
    store.readerCount = 1
    return try withExitCode { try Store.open(store, migrations: definition.migrations ?? []) }
  }
}
