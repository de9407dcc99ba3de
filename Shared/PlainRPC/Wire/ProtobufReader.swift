/// Reads the protobuf wire format from raw bytes, as far as the heads of frames need it. Every read is bounds-checked;
/// malformed input throws and never traps.
struct ProtobufReader {
  /// A field's number and wire type.
  struct Tag {
    let field: UInt64
    let wireType: UInt8
  }

  enum WireType {
    static let varint: UInt8 = 0
    static let fixed64: UInt8 = 1
    static let bytes: UInt8 = 2
    static let startGroup: UInt8 = 3
    static let endGroup: UInt8 = 4
    static let fixed32: UInt8 = 5
  }

  struct Malformed: Error {}

  /// Groups are obsolete; one nested deeper than this is refused, as SwiftProtobuf does.
  static let maximumGroupDepth = 100
  /// A field number has 29 bits.
  static let maximumFieldNumber: UInt64 = (1 << 29) - 1

  private let bytes: UnsafeRawBufferPointer
  private(set) var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// - Returns: `nil` at the end.
  mutating func nextTag() throws(Malformed) -> Tag? {
    if offset == bytes.count { return nil }
    let raw = try varint()
    let field = raw >> 3
    guard (1...Self.maximumFieldNumber).contains(field) else { throw Malformed() }
    return Tag(field: field, wireType: UInt8(truncatingIfNeeded: raw & 7))
  }

  mutating func varint() throws(Malformed) -> UInt64 {
    guard offset < bytes.count else { throw Malformed() }
    let first = bytes[offset]
    offset += 1
    if first < 0x80 { return UInt64(first) }
    var value = UInt64(first & 0x7F)
    var shift: UInt64 = 7
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
      if shift > 63 { throw Malformed() }
    }
    throw Malformed()
  }

  /// A length-delimited field's content.
  mutating func lengthDelimited() throws(Malformed) -> UnsafeRawBufferPointer {
    let length = try varint()
    guard length <= UInt64(bytes.count - offset) else { throw Malformed() }
    let slice = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + Int(length)])
    offset += Int(length)
    return slice
  }

  /// A length-delimited field that must be valid UTF-8.
  mutating func string() throws(Malformed) -> String {
    guard let text = String(validating: try lengthDelimited(), as: UTF8.self) else { throw Malformed() }
    return text
  }

  /// Passes over a field that is not known.
  mutating func skip(_ tag: Tag, depth: Int = 0) throws(Malformed) {
    switch tag.wireType {
    case WireType.varint: _ = try varint()
    case WireType.fixed64: try advance(8)
    case WireType.bytes: _ = try lengthDelimited()
    case WireType.fixed32: try advance(4)
    case WireType.startGroup: try skipGroup(tag.field, depth: depth + 1)
    default: throw Malformed()
    }
  }

  private mutating func skipGroup(_ field: UInt64, depth: Int) throws(Malformed) {
    guard depth <= Self.maximumGroupDepth else { throw Malformed() }
    while let tag = try nextTag() {
      if tag.wireType == WireType.endGroup {
        guard tag.field == field else { throw Malformed() }
        return
      }
      try skip(tag, depth: depth)
    }
    throw Malformed()
  }

  private mutating func advance(_ count: Int) throws(Malformed) {
    guard bytes.count - offset >= count else { throw Malformed() }
    offset += count
  }
}
