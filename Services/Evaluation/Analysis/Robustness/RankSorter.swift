/// Ranks one set of scores after another in buffers of its own: the simulation's inner loop, which allocates nothing.
///
/// Scores go into buckets by value, which leaves them nearly in order; an insertion sort finishes. A bucket that many
/// share is heap-sorted first, so that clumped scores cost n·log n and not n².
final class RankSorter {
  /// Above this many entries of a bucket insertion sort no longer pays.
  private static let crowd = 24

  private let count: Int
  private let buckets: Int
  // Everything that a ranking touches is to stay in the nearest cache: 16 bits hold a position among 32 000.
  private let starts: UnsafeMutableBufferPointer<UInt16>
  private let bucketOf: UnsafeMutableBufferPointer<UInt16>
  private let keys: UnsafeMutableBufferPointer<Double>
  private let order: UnsafeMutableBufferPointer<UInt16>

  /// - Parameter count: 1 to 32 000.
  init(count: Int) {
    self.count = count
    buckets = 2 * count
    starts = .allocate(capacity: buckets + 1)
    bucketOf = .allocate(capacity: count)
    keys = .allocate(capacity: count)
    order = .allocate(capacity: count)
    starts.initialize(repeating: 0)
    bucketOf.initialize(repeating: 0)
    keys.initialize(repeating: 0)
    order.initialize(repeating: 0)
  }

  deinit {
    starts.deallocate()
    bucketOf.deallocate()
    keys.deallocate()
    order.deallocate()
  }

  /// Writes for every score how many are better; equal scores get the same number.
  /// - Parameters:
  ///   - scores: finite, `count` of them; higher is better.
  ///   - low, high: the least and the greatest.
  func rank(
    _ scores: UnsafePointer<Double>, low: Double, high: Double, into ranks: UnsafeMutablePointer<UInt16>
  ) {
    let scale = Double(buckets - 1) / (high - low)
    if high > low, scale.isFinite {
      distribute(scores, high: high, scale: scale)
      insertionSort()
    } else {
      sortPlainly(scores)
    }
    assign(ranks)
  }

  /// Counting sort by bucket. The arithmetic wraps without checks: no sum here exceeds `count`.
  private func distribute(_ scores: UnsafePointer<Double>, high: Double, scale: Double) {
    starts.update(repeating: 0)
    for index in 0..<count {
      // Adding 2⁵² leaves the rounded number in the low bits. Every operation is monotone, so that a better score never
      // falls into a later bucket.
      let bucket = UInt16(truncatingIfNeeded: ((high - scores[index]) * scale + 0x1p52).bitPattern)
      bucketOf[index] = bucket
      starts[Int(bucket) &+ 1] &+= 1
    }
    var fullest: UInt16 = 0
    var end: UInt16 = 0
    for bucket in 1...buckets {
      fullest = max(fullest, starts[bucket])
      end &+= starts[bucket]
      starts[bucket] = end
    }
    for index in 0..<count {
      let bucket = Int(bucketOf[index])
      let position = Int(starts[bucket])
      starts[bucket] &+= 1
      keys[position] = scores[index]
      order[position] = UInt16(truncatingIfNeeded: index)
    }
    if fullest > Self.crowd { sortCrowds() }
  }

  /// After the distribution `starts[b]` is the end of bucket b.
  private func sortCrowds() {
    var begin = 0
    for bucket in 0..<buckets {
      let end = Int(starts[bucket])
      if end - begin > Self.crowd { heapSort(begin, end) }
      begin = end
    }
  }

  private func sortPlainly(_ scores: UnsafePointer<Double>) {
    for index in 0..<count {
      keys[index] = scores[index]
      order[index] = UInt16(truncatingIfNeeded: index)
    }
    heapSort(0, count)
  }

  private func insertionSort() {
    for index in 1..<max(1, count) {
      let key = keys[index]
      guard keys[index &- 1] < key else { continue }
      let id = order[index]
      var hole = index
      repeat {
        keys[hole] = keys[hole &- 1]
        order[hole] = order[hole &- 1]
        hole &-= 1
      } while hole > 0 && keys[hole &- 1] < key
      keys[hole] = key
      order[hole] = id
    }
  }

  /// Descending, in place.
  private func heapSort(_ begin: Int, _ end: Int) {
    let size = end - begin
    guard size > 1 else { return }
    func siftDown(_ root: Int, _ size: Int) {
      var root = root
      while true {
        var child = 2 * root + 1
        guard child < size else { return }
        if child + 1 < size, keys[begin + child + 1] < keys[begin + child] { child += 1 }
        guard keys[begin + child] < keys[begin + root] else { return }
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
    let (key, id) = (keys[first], order[first])
    keys[first] = keys[second]
    order[first] = order[second]
    keys[second] = key
    order[second] = id
  }

  private func assign(_ ranks: UnsafeMutablePointer<UInt16>) {
    var rank: UInt16 = 0
    var previous = keys[0]
    for position in 0..<count {
      let key = keys[position]
      if key != previous { rank = UInt16(truncatingIfNeeded: position) }
      previous = key
      ranks[Int(order[position])] = rank
    }
  }
}
