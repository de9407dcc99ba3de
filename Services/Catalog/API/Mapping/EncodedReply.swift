import SwiftProtobuf

/// Parts of a reply that are encoded already.
enum EncodedReply {
  /// A message whose bytes on the wire are these. In memory its fields stand at their defaults: the bytes travel as fields that
  /// nobody has decoded, which SwiftProtobuf writes as they are, so that sending it again costs a copy and no encoding.
  /// - Throws: when the bytes are no sequence of fields.
  static func message<M: Message>(_ bytes: [UInt8], as type: M.Type = M.self) throws -> M {
    var message = M()
    message.unknownFields = try Google_Protobuf_Empty(serializedBytes: bytes).unknownFields
    return message
  }
}

/// Writes fields of a message in protobuf's binary form; as in generated code, a field at its default is left out.
struct FieldWriter {
  private(set) var bytes: [UInt8] = []

  mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

  mutating func integer(_ field: UInt8, _ value: Int64) {
    if value == 0 { return }
    bytes.append(field << 3)
    varint(UInt64(bitPattern: value))
  }

  mutating func text(_ field: UInt8, _ value: String) {
    if value.isEmpty { return }
    raw(field, Array(value.utf8))
  }

  /// Bytes, text or a message, also when they are empty.
  mutating func raw(_ field: UInt8, _ value: [UInt8]) {
    length(field, value.count)
    bytes.append(contentsOf: value)
  }

  /// The head of `raw` alone; `count` bytes follow.
  mutating func length(_ field: UInt8, _ count: Int) {
    bytes.append(field << 3 | 2)
    varint(UInt64(count))
  }

  mutating func append(_ fields: [UInt8]) { bytes.append(contentsOf: fields) }

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
