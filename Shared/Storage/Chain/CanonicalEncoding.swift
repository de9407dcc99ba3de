/// The bytes a hash covers, unambiguous for every list of values: counts and lengths come first, so that no two
/// different lists encode alike. docs/storage.md gives the layout for auditors who verify a chain without this code.
package struct CanonicalEncoding {
  package private(set) var bytes: [UInt8]

  package init(previous: [UInt8], sequence: Int64, content: [SQLValue]) {
    bytes = []
    bytes.reserveCapacity(64 + content.count * 24)
    bytes.append(contentsOf: previous)
    append(UInt64(bitPattern: sequence))
    append(UInt64(content.count))
    for value in content { append(value) }
  }

  /// Another entry in the same memory.
  mutating func restart(previous: UnsafeRawBufferPointer, sequence: Int64, count: Int) {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: previous)
    append(UInt64(bitPattern: sequence))
    append(UInt64(count))
  }

  private mutating func append(_ value: SQLValue) {
    switch value {
    case .null: appendNull()
    case .integer(let number): append(integer: number)
    case .text(let text): append(text: text)
    case .blob(let blob): blob.withUnsafeBytes { append(blob: $0) }
    }
  }

  package mutating func appendNull() { bytes.append(0) }

  package mutating func append(integer: Int64) {
    bytes.append(1)
    append(UInt64(bitPattern: integer))
  }

  package mutating func append(text: String) {
    bytes.append(2)
    append(UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  package mutating func append(blob: UnsafeRawBufferPointer) {
    bytes.append(3)
    append(UInt64(blob.count))
    bytes.append(contentsOf: blob)
  }

  private mutating func append(_ number: UInt64) {
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
  }
}
