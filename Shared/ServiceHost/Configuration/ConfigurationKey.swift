/// One thing that can be configured: the table of these drives parsing, `--help` and docs/configuration.md.
package struct ConfigurationKey: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case text
    case path
    case integer(ClosedRange<Int>)
    case boolean
    case choice([String])
    /// Comma-separated in the environment and after a flag; a flag may also be repeated; a YAML list in the file.
    case list
    /// `host:port`, an IPv4 address, a name, or an IPv6 address in brackets.
    case address
  }

  /// Lower-case words joined by hyphens: the key of the file, and behind `--` the flag.
  package let name: String
  package let kind: Kind
  /// As it would be written; `nil` when the key is unset by default.
  package let defaultText: String?
  /// One sentence without the default.
  package let summary: String

  package init(_ name: String, _ kind: Kind, default defaultText: String? = nil, _ summary: String) {
    self.name = name
    self.kind = kind
    self.defaultText = defaultText
    self.summary = summary
  }

  /// `--plain-port`.
  package var flag: String { "--" + name }

  /// `HUIRONG_PLAIN_PORT`.
  package var environment: String {
    Self.environmentPrefix + String(name.map { $0 == "-" ? "_" : Character($0.uppercased()) })
  }

  static let environmentPrefix = "HUIRONG_"

  package var typeName: String {
    switch kind {
    case .text: "text"
    case .path: "path"
    case .integer(let range): "integer \(range.lowerBound)…\(range.upperBound)"
    case .boolean: "true or false"
    case .choice(let choices): choices.joined(separator: ", ")
    case .list: "list"
    case .address: "host:port"
    }
  }
}
