/// A value of the type that its key declares.
package enum ConfigurationValue: Sendable, Hashable {
  case text(String)
  case integer(Int)
  case boolean(Bool)
  case list([String])

  /// As it would be written in the file.
  package var text: String {
    switch self {
    case .text(let text): text
    case .integer(let integer): "\(integer)"
    case .boolean(let boolean): "\(boolean)"
    case .list(let items): items.joined(separator: ",")
    }
  }
}

/// Where a value came from, rising in precedence.
package enum ConfigurationOrigin: Sendable, Hashable {
  case `default`
  case file(path: String, line: Int)
  case environment(String)
  case flag(String)

  package var text: String {
    switch self {
    case .default: "default"
    case .file(let path, let line): "\(path):\(line)"
    case .environment(let name): name
    case .flag(let flag): flag
    }
  }
}

/// What is wrong with a configuration, and where.
package struct ConfigurationError: Error, Hashable, CustomStringConvertible {
  package let origin: ConfigurationOrigin
  package let message: String

  package init(_ origin: ConfigurationOrigin, _ message: String) {
    self.origin = origin
    self.message = message
  }

  package var description: String { "\(origin.text): \(message)" }

  /// EX_USAGE for a flag, EX_CONFIG for the rest.
  package var exitCode: ExitCode {
    if case .flag = origin { return .usage }
    return .configuration
  }
}
