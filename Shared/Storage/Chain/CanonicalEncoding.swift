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

  private mutating func append(_ value: SQLValue) {
    switch value {
    case .null:
      bytes.append(0)
    case .integer(let number):
      bytes.append(1)
      append(UInt64(bitPattern: number))
    case .text(let text):
      bytes.append(2)
      append(UInt64(text.utf8.count))
      bytes.append(contentsOf: text.utf8)
    case .blob(let blob):
      bytes.append(3)
      append(UInt64(blob.count))
      bytes.append(contentsOf: blob)
    }
  }

  private mutating func append(_ number: UInt64) {
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
  }
}
