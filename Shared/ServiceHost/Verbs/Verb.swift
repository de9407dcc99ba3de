/// What a process is asked to do.
package enum Verb: String, CaseIterable, Sendable {
  case serve, migrate, check, backup

  var usage: String {
    switch self {
    case .serve, .migrate, .check: rawValue
    case .backup: "backup FILE"
    }
  }

  var summary: String {
    switch self {
    case .serve: "Serve until SIGTERM or SIGINT, then drain."
    case .migrate: "Bring the store's schema up to date and end."
    case .check: "Check configuration, packs, keys and the store with its hash chains, print a report and end."
    case .backup: "Write a consistent copy of the store to FILE, also beside a running process, and end."
    }
  }

  func applies(to definition: ServiceDefinition) -> Bool {
    switch self {
    case .serve, .check: true
    case .migrate, .backup: definition.migrations != nil
    }
  }
}
