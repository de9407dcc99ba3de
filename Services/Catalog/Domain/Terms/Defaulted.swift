/// A value that stored JSON of an earlier version may lack: what is absent reads as empty. Without it every new field of the
/// terms would make the stores of before unreadable.
@propertyWrapper
package struct OrEmpty<Value: Emptiable>: Hashable, Codable {
  package var wrappedValue: Value

  package init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

  package init(from decoder: any Decoder) throws {
    wrappedValue = try decoder.singleValueContainer().decode(Value.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue)
  }
}

extension OrEmpty: Sendable where Value: Sendable {}

/// What has an empty value.
package protocol Emptiable: Hashable, Codable {
  static var empty: Self { get }
}

extension Array: Emptiable where Element: Hashable & Codable {
  package static var empty: [Element] { [] }
}

extension String: Emptiable {
  package static var empty: String { "" }
}

extension KeyedDecodingContainer {
  /// Found by synthesised decoding in place of the throwing one.
  package func decode<Value: Emptiable>(_ type: OrEmpty<Value>.Type, forKey key: Key) throws -> OrEmpty<Value> {
    try decodeIfPresent(type, forKey: key) ?? OrEmpty(wrappedValue: .empty)
  }
}
