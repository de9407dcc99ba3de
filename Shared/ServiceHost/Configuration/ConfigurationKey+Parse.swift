extension ConfigurationKey {
  /// Longest accepted text of one value, in bytes.
  static let maximumLength = 4096

  /// Reads a value from text, as flags and the environment give it.
  func parse(_ text: String, _ origin: ConfigurationOrigin) throws(ConfigurationError) -> ConfigurationValue {
    guard text.utf8.count <= Self.maximumLength, text.utf8.allSatisfy({ $0 >= 0x20 }) else {
      throw wrong("is longer than \(Self.maximumLength) bytes or has control characters", origin)
    }
    switch kind {
    case .text: return .text(text)
    case .path:
      if text.isEmpty { throw wrong("must not be empty", origin) }
      return .text(text)
    case .integer(let range):
      guard let integer = Int(text), range.contains(integer), !text.hasPrefix("+") else {
        throw wrong("must be an integer \(range.lowerBound)…\(range.upperBound), not \"\(text.prefix(64))\"", origin)
      }
      return .integer(integer)
    case .boolean:
      switch text {
      case "true": return .boolean(true)
      case "false": return .boolean(false)
      default: throw wrong("must be true or false, not \"\(text.prefix(64))\"", origin)
      }
    case .choice(let choices):
      guard choices.contains(text) else {
        throw wrong("must be one of \(choices.joined(separator: ", ")), not \"\(text.prefix(64))\"", origin)
      }
      return .text(text)
    case .list:
      return .list(try list(text.split(separator: ",", omittingEmptySubsequences: false).map(String.init), origin))
    case .address:
      guard HostAndPort(text) != nil else { throw wrong("must be host:port, not \"\(text.prefix(64))\"", origin) }
      return .text(text)
    }
  }

  /// Items of a list, none of them empty; one empty item alone is the empty list.
  func list(_ items: [String], _ origin: ConfigurationOrigin) throws(ConfigurationError) -> [String] {
    if items == [""] { return [] }
    for item in items where item.isEmpty { throw wrong("has an empty item", origin) }
    return items
  }

  func wrong(_ message: String, _ origin: ConfigurationOrigin) -> ConfigurationError {
    switch origin {
    case .flag, .environment: ConfigurationError(origin, message)
    case .default, .file: ConfigurationError(origin, "\(name) \(message)")
    }
  }
}

/// `host:port`; an IPv6 address stands in brackets.
package struct HostAndPort: Sendable, Hashable, CustomStringConvertible {
  package let host: String
  package let port: Int

  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (1...65_535).contains(port)
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty, host.allSatisfy({ !$0.isWhitespace && $0 != "/" }) else { return nil }
    self.host = String(host)
    self.port = port
  }

  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
