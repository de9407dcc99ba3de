/// Which bits fail because a number is on the wrong side of a threshold: thresholds sorted, with the failing bits of
/// every so-many-th position kept as a ready bitmap, so that a query is one bitmap OR and at most `stride` single bits.
struct ThresholdIndex: Sendable {
  /// Ready bitmaps per index: 64 of them keep the patch short (n/64 bits) for 64 × n/8 bytes.
  static let checkpoints = 64

  /// Ascending; an entry fails a query above its key.
  private var keys: [Int64] = []
  private var bits: [UInt32] = []
  /// Positions whose failing prefix is kept, ascending, the first 0 and the last `keys.count`.
  private var boundaries: [Int] = []
  /// `boundaries.count × words`, row-major.
  private var bitmaps: [UInt64] = []
  private let words: Int

  /// - Parameter entries: (key, bit): the bit fails every query greater than its key.
  init(_ entries: [(key: Int64, bit: UInt32)], words: Int) {
    self.words = words
    let sorted = entries.sorted { $0.key != $1.key ? $0.key < $1.key : $0.bit < $1.bit }
    keys = sorted.map(\.key)
    bits = sorted.map(\.bit)
    boundaries = Self.boundaries(keys)
    bitmaps = Array(repeating: 0, count: boundaries.count * words)
    var position = 0
    for (row, boundary) in boundaries.enumerated() {
      if row > 0 {
        for word in 0..<words { bitmaps[row * words + word] = bitmaps[(row - 1) * words + word] }
      }
      while position < boundary {
        bitmaps[row * words + Int(bits[position] >> 6)] |= 1 << UInt64(bits[position] & 63)
        position += 1
      }
    }
  }

  /// With few distinct keys, one boundary at each, so that no query patches; otherwise evenly spaced ones.
  private static func boundaries(_ keys: [Int64]) -> [Int] {
    var changes = [0]
    for index in keys.indices.dropFirst() where keys[index] != keys[index - 1] { changes.append(index) }
    changes.append(keys.count)
    if changes.count <= checkpoints + 2 { return changes }
    let stride = (keys.count + checkpoints - 1) / checkpoints
    return Array(Swift.stride(from: 0, to: keys.count, by: stride)) + [keys.count]
  }

  /// Adds to `fail` every bit whose key is less than the query.
  func addFailures(below query: Int64, to fail: UnsafeMutablePointer<UInt64>) {
    let position = count(below: query)
    if position == 0 { return }
    let row = boundaryRow(atMost: position)
    orRow(row, into: fail)
    bits.withUnsafeBufferPointer { bits in
      for index in boundaries[row]..<position { fail[Int(bits[index] >> 6)] |= 1 << UInt64(bits[index] & 63) }
    }
  }

  /// Adds every bit: the number is unknown.
  func addAll(to fail: UnsafeMutablePointer<UInt64>) {
    orRow(boundaries.count - 1, into: fail)
  }

  private func orRow(_ row: Int, into fail: UnsafeMutablePointer<UInt64>) {
    bitmaps.withUnsafeBufferPointer { bitmaps in
      let start = row * words
      for word in 0..<words { fail[word] |= bitmaps[start + word] }
    }
  }

  private func count(below query: Int64) -> Int {
    var low = 0
    var high = keys.count
    keys.withUnsafeBufferPointer { keys in
      while low < high {
        let middle = (low + high) >> 1
        if keys[middle] < query { low = middle + 1 } else { high = middle }
      }
    }
    return low
  }

  private func boundaryRow(atMost position: Int) -> Int {
    var low = 0
    var high = boundaries.count - 1
    while low < high {
      let middle = (low + high + 1) >> 1
      if boundaries[middle] <= position { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
