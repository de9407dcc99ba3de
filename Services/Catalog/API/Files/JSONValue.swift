import Foundation

/// JSON as it stands, for files whose shape cannot be relied on.
enum JSONValue: Decodable, Sendable {
  case object([String: JSONValue])
  case array([JSONValue])
  case string(String)
  case number(Decimal)
  case bool(Bool)
  case null

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode(Decimal.self) {
      self = .number(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  static func parse(_ text: String) -> JSONValue? { try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) }

  subscript(_ key: String) -> JSONValue {
    if case .object(let members) = self { members[key] ?? .null } else { .null }
  }

  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }

  var keys: [String] { if case .object(let members) = self { members.keys.sorted() } else { [] } }

  /// The text of a string or number; `nil` for everything else and for an empty string.
  var text: String? {
    switch self {
    case .string(let text): text.isEmpty ? nil : text
    case .number(let number): "\(number)"
    case .bool(let flag): "\(flag)"
    case .object, .array, .null: nil
    }
  }

  var isEmpty: Bool {
    switch self {
    case .null: true
    case .string(let text): text.isEmpty
    case .array(let elements): elements.allSatisfy(\.isEmpty)
    case .object(let members): members.values.allSatisfy(\.isEmpty)
    case .number, .bool: false
    }
  }

  /// Everything inside as "key value", for texts that keep what has no field of its own.
  var words: String {
    switch self {
    case .object(let members):
      members.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }.map { "\($0.key) \($0.value.words)" }
        .joined(separator: "; ")
    case .array(let elements): elements.filter { !$0.isEmpty }.map { "(\($0.words))" }.joined(separator: " ")
    default: text ?? ""
    }
  }
}
