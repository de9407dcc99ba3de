internal import Yams

/// Makes a configuration out of defaults, a file, the environment and flags, each overriding the one before.
package struct ConfigurationLoader {
  /// Variables of this prefix that belong to tests, benches and scripts rather than to a process.
  static let foreignEnvironment = ["HUIRONG_TEST", "HUIRONG_BENCH", "HUIRONG_DEMO", "HUIRONG_WRITE_DOCS"]

  private let keys: [ConfigurationKey]
  private var values: [String: (value: ConfigurationValue, origin: ConfigurationOrigin)] = [:]

  package init(keys: [ConfigurationKey]) {
    self.keys = keys
  }

  /// - Parameters:
  ///   - arguments: flags only, as `CommandLine` gives them behind the verb.
  ///   - readFile: the text of a file; its error becomes the error of the key `config`.
  /// - Throws: the first mistake, naming flag, variable or file and line.
  package func load(
    arguments: [String], environment: [String: String], readFile: (String) throws -> String
  ) throws(ConfigurationError) -> Configuration {
    var loader = self
    try loader.applyDefaults()
    let flags = try loader.flags(arguments)
    // The file is named by a flag or a variable, and both override what it says.
    if let (path, origin) = try loader.filePath(flags, environment) {
      let text: String
      do {
        text = try readFile(path)
      } catch {
        throw ConfigurationError(origin, "cannot read \(path): \(error)")
      }
      try loader.applyFile(text, path)
    }
    try loader.applyEnvironment(environment)
    for (key, value, origin) in flags { loader.values[key.name] = (value, origin) }
    return Configuration(keys: keys, values: loader.values)
  }

  private mutating func applyDefaults() throws(ConfigurationError) {
    for key in keys {
      guard let text = key.defaultText else { continue }
      values[key.name] = (try key.parse(text, .default), .default)
    }
  }

  private func filePath(
    _ flags: [(key: ConfigurationKey, value: ConfigurationValue, origin: ConfigurationOrigin)],
    _ environment: [String: String]
  ) throws(ConfigurationError) -> (String, ConfigurationOrigin)? {
    if let flag = flags.first(where: { $0.key.name == "config" }) { return (flag.value.text, flag.origin) }
    guard let key = key("config"), let path = environment[key.environment] else { return nil }
    return (try key.parse(path, .environment(key.environment)).text, .environment(key.environment))
  }

  private func key(_ name: String) -> ConfigurationKey? { keys.first { $0.name == name } }
}

extension ConfigurationLoader {
  fileprivate func flags(
    _ arguments: [String]
  ) throws(ConfigurationError) -> [(key: ConfigurationKey, value: ConfigurationValue, origin: ConfigurationOrigin)] {
    var flags: [(key: ConfigurationKey, value: ConfigurationValue, origin: ConfigurationOrigin)] = []
    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      index += 1
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let origin = ConfigurationOrigin.flag(String(parts.first ?? ""))
      guard argument.hasPrefix("--"), let key = key(String((parts.first ?? "").dropFirst(2))) else {
        throw ConfigurationError(
          .flag(String(argument.prefix(64))), "unknown flag" + suggestion(String(argument.dropFirst(2))))
      }
      let text: String
      if parts.count == 2 {
        text = String(parts[1])
      } else if key.kind == .boolean {
        text = "true"
      } else if index < arguments.count, !arguments[index].hasPrefix("--") {
        text = arguments[index]
        index += 1
      } else {
        throw ConfigurationError(origin, "needs a value: \(key.typeName)")
      }
      let value = try key.parse(text, origin)
      guard let earlier = flags.firstIndex(where: { $0.key.name == key.name }) else {
        flags.append((key, value, origin))
        continue
      }
      guard case (.list(let first), .list(let second)) = (flags[earlier].value, value) else {
        throw ConfigurationError(origin, "is given twice")
      }
      flags[earlier].value = .list(first + second)
    }
    return flags
  }

  fileprivate mutating func applyEnvironment(_ environment: [String: String]) throws(ConfigurationError) {
    for (name, text) in environment.sorted(by: { $0.key < $1.key })
    where name.hasPrefix(ConfigurationKey.environmentPrefix) {
      if Self.foreignEnvironment.contains(where: name.hasPrefix) { continue }
      guard let key = keys.first(where: { $0.environment == name }) else {
        let asKey = name.dropFirst(ConfigurationKey.environmentPrefix.count).lowercased().map { $0 == "_" ? "-" : $0 }
        throw ConfigurationError(.environment(name), "unknown variable" + suggestion(String(asKey)))
      }
      values[key.name] = (try key.parse(text, .environment(name)), .environment(name))
    }
  }

  fileprivate mutating func applyFile(_ text: String, _ path: String) throws(ConfigurationError) {
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      throw ConfigurationError(.file(path: path, line: YAMLMistake.line(of: error)), YAMLMistake.message(of: error))
    }
    guard let root else { return }
    guard let mapping = root.mapping else {
      throw ConfigurationError(.file(path: path, line: root.mark?.line ?? 1), "must be a mapping of keys to values")
    }
    for (keyNode, valueNode) in mapping {
      let origin = ConfigurationOrigin.file(path: path, line: keyNode.mark?.line ?? 1)
      guard let name = keyNode.string, let key = key(name), name != "config" else {
        let name = keyNode.string ?? "?"
        throw ConfigurationError(origin, "unknown key \(name.prefix(64))" + suggestion(name))
      }
      values[name] = (try value(of: key, valueNode, origin), origin)
    }
  }

  private func value(
    of key: ConfigurationKey, _ node: Node, _ origin: ConfigurationOrigin
  ) throws(ConfigurationError) -> ConfigurationValue {
    if key.kind == .list {
      guard let sequence = node.sequence else { throw key.wrong("must be a list", origin) }
      var items: [String] = []
      for item in sequence {
        guard let text = item.scalar?.string else { throw key.wrong("must be a list of texts", origin) }
        items.append(text)
      }
      return .list(try key.list(items, origin))
    }
    guard let text = node.scalar?.string else { throw key.wrong("must be \(key.typeName)", origin) }
    return try key.parse(text, origin)
  }

  /// The key that a mistyped one is nearest to, when it is near enough to be meant.
  private func suggestion(_ name: String) -> String {
    let bare = name.split(separator: "=").first.map(String.init) ?? ""
    let near = keys.map { ($0.name, EditDistance.between(bare, $0.name)) }.min { $0.1 < $1.1 }
    guard let near, near.1 <= 3, near.1 < near.0.count else { return "; --help lists them all" }
    return "; did you mean \(near.0)?"
  }
}

/// Levenshtein's distance, for suggestions.
enum EditDistance {
  static func between(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left.prefix(64)), Array(right.prefix(64)))
    var row = Array(0...right.count)
    for (i, character) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in right.enumerated() {
        let replaced = diagonal + (character == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j + 1] + 1, row[j] + 1)
      }
    }
    return row[right.count]
  }
}

/// What Yams says, in one line.
enum YAMLMistake {
  static func line(of error: any Error) -> Int {
    switch error as? YamlError {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
    case .duplicatedKeysInMapping(_, let context): context.mark.line
    default: 1
    }
  }

  static func message(of error: any Error) -> String {
    switch error as? YamlError {
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _):
      "is not YAML: \(problem)"
    case .duplicatedKeysInMapping(let duplicates, _):
      "gives a key twice: \(duplicates.joined(separator: ", "))"
    default: "is not YAML"
    }
  }
}
