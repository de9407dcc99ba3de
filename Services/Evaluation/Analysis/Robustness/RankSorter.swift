/// Ranks one set of scores after another in buffers of its own: the simulation's inner loop, which allocates nothing.
///
/// Scores are rounded to steps between the greatest and the least, about as many as there are pairs of alternatives, and
/// radix-sorted by step in two passes that compare nothing. Those on one step, seldom more than two, are then sorted by the
/// scores themselves: scores that differ are never taken for equal.
final class RankSorter {
  /// Above this many on one step insertion sort no longer pays.
  private static let crowd = 24
  /// An entry is a step and behind it the alternative's index, in 32 bits.
  private static let indexBits: UInt32 = 11
  static let maximumCount = 1 << Int(indexBits)

  private let count: Int
  /// Bits of a step that the first pass sorts by; the second sorts by those above.
  private let lowBits: UInt32
  private let highBits: UInt32
  private let entries: UnsafeMutablePointer<UInt32>
  private let scratch: UnsafeMutablePointer<UInt32>
  // Where the next entry of each bucket goes. Everything that a ranking touches is to stay in the nearest cache.
  private let lowStarts: UnsafeMutablePointer<UInt16>
  private let highStarts: UnsafeMutablePointer<UInt16>

  /// - Parameter count: 1 to `maximumCount`.
  init(count: Int) {
    self.count = count
    highBits = max(4, UInt32(Int.bitWidth - max(0, count - 1).leadingZeroBitCount))
    lowBits = min(highBits, 32 - Self.indexBits - highBits)
    entries = .allocate(capacity: count)
    scratch = .allocate(capacity: count)
    lowStarts = .allocate(capacity: 1 << Int(lowBits))
    highStarts = .allocate(capacity: 1 << Int(highBits))
    entries.initialize(repeating: 0, count: count)
    scratch.initialize(repeating: 0, count: count)
    lowStarts.initialize(repeating: 0, count: 1 << Int(lowBits))
    highStarts.initialize(repeating: 0, count: 1 << Int(highBits))
  }

  deinit {
    entries.deallocate()
    scratch.deallocate()
    lowStarts.deallocate()
    highStarts.deallocate()
  }

  /// Writes for every score how many are better; equal scores get the same number.
  /// - Parameters:
  ///   - scores: finite, `count` of them; higher is better.
  ///   - low, high: the least and the greatest.
  func rank(
    _ scores: UnsafePointer<Double>, low: Double, high: Double, into ranks: UnsafeMutablePointer<UInt16>
  ) {
    let scale = Double((1 << (lowBits + highBits)) - 1) / (high - low)
    if high > low, scale.isFinite {
      round(scores, high: high, scale: scale)
      sortBySteps()
    } else {
      // No steps fit between them: all are on one.
      for index in 0..<count { entries[index] = UInt32(truncatingIfNeeded: index) }
    }
    assign(scores, ranks)
  }

  /// Makes the entries and counts them by bucket.
  private func round(_ scores: UnsafePointer<Double>, high: Double, scale: Double) {
    let (entries, lowStarts, highStarts, lowBits) = (entries, lowStarts, highStarts, lowBits)
    lowStarts.update(repeating: 0, count: 1 << Int(lowBits))
    highStarts.update(repeating: 0, count: 1 << Int(highBits))
    let mask: UInt32 = (1 &<< lowBits) &- 1
    for index in 0..<count {
      // Adding 2⁵² leaves the rounded number in the low bits. Every operation is monotone, so that a better score never
      // falls on a later step.
      let step = UInt32(truncatingIfNeeded: ((high - scores[index]) * scale + 0x1p52).bitPattern)
      entries[index] = step &<< Self.indexBits | UInt32(truncatingIfNeeded: index)
      lowStarts[Int(step & mask)] &+= 1
      highStarts[Int(step &>> lowBits)] &+= 1
    }
  }

  /// Two stable passes: by the low bits of the steps, then by the high ones. Arithmetic wraps without checks: no position
  /// exceeds `count`.
  private func sortBySteps() {
    let (entries, scratch, lowStarts, highStarts) = (entries, scratch, lowStarts, highStarts)
    Self.begin(lowStarts, count: 1 << Int(lowBits))
    Self.begin(highStarts, count: 1 << Int(highBits))
    let mask: UInt32 = (1 &<< lowBits) &- 1
    for index in 0..<count {
      let entry = entries[index]
      let bucket = Int(entry &>> Self.indexBits & mask)
      scratch[Int(lowStarts[bucket])] = entry
      lowStarts[bucket] &+= 1
    }
    let shift = Self.indexBits &+ lowBits
    for index in 0..<count {
      let entry = scratch[index]
      let bucket = Int(entry &>> shift)
      entries[Int(highStarts[bucket])] = entry
      highStarts[bucket] &+= 1
    }
  }

  /// From how many fall into each bucket to where each begins.
  private static func begin(_ buckets: UnsafeMutablePointer<UInt16>, count: Int) {
    var sum: UInt16 = 0
    for bucket in 0..<count {
      let count = buckets[bucket]
      buckets[bucket] = sum
      sum &+= count
    }
  }

  private func assign(_ scores: UnsafePointer<Double>, _ ranks: UnsafeMutablePointer<UInt16>) {
    let entries = entries
    var step: UInt32 = .max
    var first = 0
    for position in 0..<count {
      let entry = entries[position]
      ranks[Self.index(entry)] = UInt16(truncatingIfNeeded: position)
      if entry &>> Self.indexBits != step {
        if position &- first > 1 { assignStep(first, position, scores, ranks) }
        (first, step) = (position, entry &>> Self.indexBits)
      }
    }
    if count &- first > 1 { assignStep(first, count, scores, ranks) }
  }

  private static func index(_ entry: UInt32) -> Int { Int(entry & (1 &<< indexBits &- 1)) }

  /// Ranks those on one step by their scores.
  private func assignStep(
    _ begin: Int, _ end: Int, _ scores: UnsafePointer<Double>, _ ranks: UnsafeMutablePointer<UInt16>
  ) {
    if end - begin > Self.crowd { heapSort(begin, end, scores) } else { insertionSort(begin, end, scores) }
    var rank = begin
    for position in begin..<end {
      let index = Self.index(entries[position])
      if position > begin, scores[index] != scores[Self.index(entries[position - 1])] { rank = position }
      ranks[index] = UInt16(truncatingIfNeeded: rank)
    }
  }

  private func insertionSort(_ begin: Int, _ end: Int, _ scores: UnsafePointer<Double>) {
    for position in (begin + 1)..<end {
      let entry = entries[position]
      let score = scores[Self.index(entry)]
      var hole = position
      while hole > begin, scores[Self.index(entries[hole - 1])] < score {
        entries[hole] = entries[hole - 1]
        hole -= 1
      }
      entries[hole] = entry
    }
  }

  /// Best first, in place: clumped scores cost n·log n and not n².
  private func heapSort(_ begin: Int, _ end: Int, _ scores: UnsafePointer<Double>) {
    let size = end - begin
    func score(_ position: Int) -> Double { scores[Self.index(entries[begin + position])] }
    func siftDown(_ root: Int, _ size: Int) {
      var root = root
      while true {
        var child = 2 * root + 1
        guard child < size else { return }
        if child + 1 < size, score(child + 1) < score(child) { child += 1 }
        guard score(child) < score(root) else { return }
        swapEntries(begin + child, begin + root)
        root = child
      }
    }
    for root in stride(from: size / 2 - 1, through: 0, by: -1) { siftDown(root, size) }
    for last in stride(from: size - 1, to: 0, by: -1) {
      swapEntries(begin, begin + last)
      siftDown(0, last)
    }
  }

  private func swapEntries(_ first: Int, _ second: Int) {
    (entries[first], entries[second]) = (entries[second], entries[first])
  }
}
