import NIOCore

/// Sizes and writes the few protobuf shapes that the heads of frames are made of. Fields of proto3 with their default
/// value are not written, as SwiftProtobuf does.
enum ProtobufWriter {
  static func size(ofVarint value: UInt64) -> Int { (64 - (value | 1).leadingZeroBitCount + 6) / 7 }

  /// Size of a length-delimited field with a one-byte tag; nothing when empty.
  static func size(ofField count: Int) -> Int { count == 0 ? 0 : 1 + size(ofVarint: UInt64(count)) + count }

  static func writeVarint(_ value: UInt64, to buffer: inout ByteBuffer) {
    var rest = value
    while rest >= 0x80 {
      buffer.writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    buffer.writeInteger(UInt8(truncatingIfNeeded: rest))
  }

  static func writeVarintField(_ field: UInt8, _ value: UInt64, to buffer: inout ByteBuffer) {
    if value == 0 { return }
    buffer.writeInteger(field << 3 | ProtobufReader.WireType.varint)
    writeVarint(value, to: &buffer)
  }

  static func writeField(_ field: UInt8, _ text: String, to buffer: inout ByteBuffer) {
    if text.isEmpty { return }
    writeTag(field, length: text.utf8.count, to: &buffer)
    buffer.writeString(text)
  }

  static func writeField(_ field: UInt8, _ bytes: [UInt8], to buffer: inout ByteBuffer) {
    if bytes.isEmpty { return }
    writeTag(field, length: bytes.count, to: &buffer)
    buffer.writeBytes(bytes)
  }

  static func writeTag(_ field: UInt8, length: Int, to buffer: inout ByteBuffer) {
    buffer.writeInteger(field << 3 | ProtobufReader.WireType.bytes)
    writeVarint(UInt64(length), to: &buffer)
  }
}
