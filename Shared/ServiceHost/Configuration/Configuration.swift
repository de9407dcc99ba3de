/// The configuration of a process: every key of its table with a value, or none where it is unset, and where each came
/// from.
package struct Configuration: Sendable {
  package let keys: [ConfigurationKey]
  private let values: [String: (value: ConfigurationValue, origin: ConfigurationOrigin)]

  init(keys: [ConfigurationKey], values: [String: (value: ConfigurationValue, origin: ConfigurationOrigin)]) {
    self.keys = keys
    self.values = values
  }

  /// The text of a key; `nil` when it is unset.
  package func text(_ name: String) -> String? {
    if case .text(let text) = values[name]?.value { return text }
    return nil
  }

  package func integer(_ name: String) -> Int? {
    if case .integer(let integer) = values[name]?.value { return integer }
    return nil
  }

  package func boolean(_ name: String) -> Bool {
    if case .boolean(let boolean) = values[name]?.value { return boolean }
    return false
  }

  package func list(_ name: String) -> [String] {
    if case .list(let items) = values[name]?.value { return items }
    return []
  }

  /// - Throws: `ConfigurationError` when the key is unset.
  package func required(_ name: String) throws(ConfigurationError) -> String {
    guard let text = text(name) else { throw ConfigurationError(.flag("--\(name)"), "is required") }
    return text
  }

  package func origin(_ name: String) -> ConfigurationOrigin { values[name]?.origin ?? .default }

  /// An error about the value of a key, at the place where it was given.
  package func wrong(_ name: String, _ message: String) -> ConfigurationError {
    switch origin(name) {
    case .default: ConfigurationError(.default, "\(name) \(message)")
    case .file: ConfigurationError(origin(name), "\(name) \(message)")
    case .environment, .flag: ConfigurationError(origin(name), message)
    }
  }

  /// What `--print-configuration` shows: a file that would give the same configuration, with origins.
  package var printed: String {
    var text = ""
    for key in keys {
      guard let (value, origin) = values[key.name] else {
        text += "# \(key.name): unset\n"
        continue
      }
      text += "\(key.name): \(Self.yaml(value))  # \(origin.text)\n"
    }
    return text
  }

  private static func yaml(_ value: ConfigurationValue) -> String {
    switch value {
    case .text(let text): quoted(text)
    case .integer(let integer): "\(integer)"
    case .boolean(let boolean): "\(boolean)"
    case .list(let items): "[\(items.map(quoted).joined(separator: ", "))]"
    }
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
  }
}
