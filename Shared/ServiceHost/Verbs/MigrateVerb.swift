internal import Logging
internal import Storage

enum MigrateVerb {
  static func run(_ definition: ServiceDefinition, _ configuration: Configuration) throws -> ExitCode {
    let store = try StoreOpening.configuration(configuration, Logger(label: definition.executable))
    let applied = try StoreOpening.withExitCode {
      try Store.migrate(store, migrations: definition.migrations ?? [])
    }
    print(applied.isEmpty ? "\(store.path): up to date" : "\(store.path): applied \(applied.joined(separator: ", "))")
    return .success
  }
}
