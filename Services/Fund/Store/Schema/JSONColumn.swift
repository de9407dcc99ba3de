import Foundation

/// Lists that nobody queries by, kept as JSON text with sorted keys.
enum JSONColumn {
  static func encode(_ value: some Collection & Encodable) throws -> String {
    if value.isEmpty { return "[]" }
    return String(decoding: try encoder().encode(value), as: UTF8.self)
  }

  static func decode<Element: Decodable>(_ text: String, as type: Element.Type = Element.self) throws -> [Element] {
    if text == "[]" { return [] }
    return try JSONDecoder().decode([Element].self, from: Data(text.utf8))
  }

  static func encodeValue(_ value: some Encodable) throws -> String {
    String(decoding: try encoder().encode(value), as: UTF8.self)
  }

  static func decodeValue<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }

  static func encoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}
