/// How a process ends, after sysexits.h; docs/configuration.md lists them.
package enum ExitCode: Int32, Sendable, CaseIterable {
  case success = 0
  /// `check` found a fault, or a background task failed.
  case failure = 1
  /// A verb or a flag is wrong.
  case usage = 64
  /// The service's own definition is wrong: a method without an access row.
  case software = 70
  /// An address cannot be bound.
  case unavailable = 69
  /// The store cannot be opened, migrated or read, or stopped taking writes.
  case store = 74
  /// A file, a variable, a pack or a key file is wrong.
  case configuration = 78

  package var meaning: String {
    switch self {
    case .success: "done; after `serve`, an orderly stop"
    case .failure: "`check` found a fault, or a background task of the service failed"
    case .usage: "a verb or a flag is wrong"
    case .unavailable: "an address cannot be bound"
    case .software: "the service contradicts itself: a method without an access row, for one"
    case .store: "the store cannot be opened, migrated, checked or copied"
    case .configuration: "the configuration file, a variable, a policy pack, a key file or a TLS file is wrong"
    }
  }
}
