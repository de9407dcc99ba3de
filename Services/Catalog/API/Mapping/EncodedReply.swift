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

/// Bytes that a field of a message takes; a field number below 16 has a tag of one.
enum FieldSize {
  /// A number; none when it is 0 and hence left out.
  static func integer(_ value: Int) -> Int { value == 0 ? 0 : 1 + varint(UInt64(bitPattern: Int64(value))) }

  /// Bytes, text or a message of `count` bytes.
  static func raw(_ count: Int) -> Int { 1 + varint(UInt64(count)) + count }

  private static func varint(_ value: UInt64) -> Int { (63 - (value | 1).leadingZeroBitCount) / 7 + 1 }
}

/// As `FieldWriter`, into memory whose size `FieldSize` told beforehand. Writing past its end traps.
struct MemoryFieldWriter {
  private let memory: UnsafeMutableBufferPointer<UInt8>
  /// Bytes written.
  private(set) var count = 0

  init(_ memory: UnsafeMutableBufferPointer<UInt8>) { self.memory = memory }

  mutating func integer(_ field: Int, _ value: Int64) {
    if value == 0 { return }
    put(UInt8(field) << 3)
    varint(UInt64(bitPattern: value))
  }

  mutating func length(_ field: Int, _ count: Int) {
    put(UInt8(field) << 3 | 2)
    varint(UInt64(count))
  }

  mutating func append(_ fields: [UInt8]) {
    precondition(count + fields.count <= memory.count)
    _ = UnsafeMutableBufferPointer(rebasing: memory[count...]).update(fromContentsOf: fields)
    count += fields.count
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      put(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    put(UInt8(rest))
  }

  private mutating func put(_ byte: UInt8) {
    precondition(count < memory.count)
    memory[count] = byte
    count += 1
  }
}
