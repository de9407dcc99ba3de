package import Kernel

/// Numbers as bytes, 7 bits each from the lowest on, the top bit set in all but the last (as protobuf's varints).
package struct NumberWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  mutating func text(_ text: String) { bytes += text.utf8 }

  package mutating func unsigned(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Signed numbers with small magnitudes in few bytes: 0, −1, 1, −2 … as 0, 1, 2, 3 …
  package mutating func signed(_ number: Int64) { unsigned(Self.folded(number)) }

  private static func folded(_ number: Int64) -> UInt64 { UInt64(bitPattern: (number << 1) ^ (number >> 63)) }

  mutating func signed(_ numbers: [Int64]) {
    let size = numbers.count * Self.longest
    bytes += [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      guard var next = buffer.baseAddress else { return }
      for number in numbers {
        var rest = Self.folded(number)
        while rest >= 0x80 {
          next.pointee = UInt8(truncatingIfNeeded: rest) | 0x80
          next += 1
          rest >>= 7
        }
        next.pointee = UInt8(truncatingIfNeeded: rest)
        next += 1
      }
      count = next - buffer.baseAddress.unsafelyUnwrapped
    }
  }

  /// Bytes of the longest number.
  private static let longest = 10
}

/// Reads what `NumberWriter` wrote; anything else is refused.
package struct NumberReader {
  private let bytes: [UInt8]
  private var position = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  static let broken = DomainError(.chainBroken, "the stored numbers are not readable")

  package var isAtEnd: Bool { position == bytes.count }

  mutating func line() throws(DomainError) -> [String] {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { throw Self.broken }
    let fields = bytes[position..<end].split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
    position = end + 1
    return fields.map { String(decoding: $0, as: UTF8.self) }
  }

  package mutating func unsigned() throws(DomainError) -> UInt64 {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.count, shift < 64 {
      let byte = bytes[position]
      position += 1
      result |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return result }
      shift += 7
    }
    throw Self.broken
  }

  package mutating func signed() throws(DomainError) -> Int64 {
    let folded = try unsigned()
    return Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
  }

  /// - Throws: `CHAIN_BROKEN` for more than could follow at a byte each.
  package mutating func count() throws(DomainError) -> Int {
    let count = try unsigned()
    guard count <= UInt64(bytes.count - position) else { throw Self.broken }
    return Int(count)
  }
}
