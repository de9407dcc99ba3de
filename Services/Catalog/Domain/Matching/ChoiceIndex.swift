/// Which bits fail because none of a firm's values is in the condition's set: one bitmap per value.
struct ChoiceIndex: Sendable {
  /// Every bit that has a condition on this attribute.
  private let has: [UInt64]
  /// For each value in use, the bits whose set contains it; row-major, `words` words a row.
  private let contains: [UInt64]
  /// Values in use, in the order of the rows.
  private let values: [UInt64]
  /// Union of all sets; a query that covers it cannot fail anything.
  private let used: UInt64
  private let words: Int

  init(_ entries: [(mask: UInt64, bit: UInt32)], words: Int) {
    self.words = words
    var has = [UInt64](repeating: 0, count: words)
    var used: UInt64 = 0
    for entry in entries {
      used |= entry.mask
      has[Int(entry.bit >> 6)] |= 1 << UInt64(entry.bit & 63)
    }
    let values = (0..<UInt64(64)).filter { used & (1 << $0) != 0 }
    var contains = [UInt64](repeating: 0, count: values.count * words)
    for (row, value) in values.enumerated() {
      for entry in entries where entry.mask & (1 << value) != 0 {
        contains[row * words + Int(entry.bit >> 6)] |= 1 << UInt64(entry.bit & 63)
      }
    }
    self.has = has
    self.used = used
    self.values = values
    self.contains = contains
  }

  /// - Parameter scratch: `words` words that may be overwritten.
  func addFailures(
    of mask: UInt64, to fail: UnsafeMutablePointer<UInt64>, scratch: UnsafeMutablePointer<UInt64>
  ) {
    if mask & used == used { return }
    has.withUnsafeBufferPointer { for word in $0.indices { scratch[word] = $0[word] } }
    contains.withUnsafeBufferPointer { contains in
      for (row, value) in values.enumerated() where mask & (1 << value) != 0 {
        let start = row * words
        for word in 0..<words { scratch[word] &= ~contains[start + word] }
      }
    }
    for word in 0..<words { fail[word] |= scratch[word] }
  }
}
