/// Writes fields of a message in protobuf's binary form; as in generated code, a field at its default is left out.
///
/// Fields written in the order of their numbers give the bytes that generated code gives. For answers that are sent often: no
/// message is built and none is measured before it is written.
package struct FieldWriter {
  @usableFromInline package var bytes: [UInt8]

  /// - Parameter capacity: bytes expected.
  @inlinable package init(capacity: Int = 0) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  @inlinable package mutating func integer(_ field: Int, _ value: Int64) {
    if value == 0 { return }
    tag(field, 0)
    varint(UInt64(bitPattern: value))
  }

  @inlinable package mutating func flag(_ field: Int, _ value: Bool) { integer(field, value ? 1 : 0) }

  @inlinable package mutating func text(_ field: Int, _ value: String) {
    if value.isEmpty { return }
    length(field, value.utf8.count)
    append(value)
  }

  /// A text of two parts, as names of resources are.
  @inlinable package mutating func text(_ field: Int, _ prefix: String, _ value: String) {
    length(field, prefix.utf8.count + value.utf8.count)
    append(prefix)
    append(value)
  }

  /// Bytes, text or a message that is encoded already, also when they are empty.
  @inlinable package mutating func raw(_ field: Int, _ value: [UInt8]) {
    length(field, value.count)
    bytes.append(contentsOf: value)
  }

  /// The head of `raw` alone; `count` bytes follow.
  @inlinable package mutating func length(_ field: Int, _ count: Int) {
    tag(field, 2)
    varint(UInt64(count))
  }

  /// A message whose fields `body` writes, also when it is empty.
  @inlinable package mutating func message<E: Error>(
    _ field: Int, _ body: (inout FieldWriter) throws(E) -> Void
  ) throws(E) {
    tag(field, 2)
    let start = bytes.count
    bytes.append(0)
    try body(&self)
    let count = bytes.count - start - 1
    if count < 0x80 {
      bytes[start] = UInt8(count)
    } else {
      makeRoom(at: start, for: count)
    }
  }

  /// Puts a length of more than one byte where one was left free.
  @usableFromInline package mutating func makeRoom(at start: Int, for count: Int) {
    var head = FieldWriter()
    head.varint(UInt64(count))
    bytes.replaceSubrange(start...start, with: head.bytes)
  }

  @inlinable package mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { bytes.append(contentsOf: $0) }
  }

  @inlinable package mutating func tag(_ field: Int, _ type: UInt64) { varint(UInt64(field) << 3 | type) }

  @inlinable package mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
