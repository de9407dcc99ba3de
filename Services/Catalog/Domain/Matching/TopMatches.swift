/// The best `limit` matches of one segment, as a heap whose root is the worst of them. Offers of a segment are numbered by
/// id, so that the number decides ties.
struct TopMatches {
  struct Entry {
    var total: Int32
    var offer: Int32
    /// `Int64.max` when not known.
    var allIn: Int64

    /// Higher total first, then the lower all-in rate, then the lower id.
    func isBetter(than other: Entry) -> Bool {
      if total != other.total { return total > other.total }
      return allIn != other.allIn ? allIn < other.allIn : offer < other.offer
    }
  }

  private var heap: [Entry] = []
  private let limit: Int
  /// A total below this can no longer enter.
  private(set) var threshold = Int32.min

  init(limit: Int) {
    self.limit = limit
    heap.reserveCapacity(limit)
  }

  mutating func offer(_ entry: Entry) {
    if heap.count < limit {
      heap.append(entry)
      siftUp()
    } else if let worst = heap.first, entry.isBetter(than: worst) {
      heap[0] = entry
      siftDown()
    } else {
      return
    }
    if heap.count == limit, let worst = heap.first { threshold = worst.total }
  }

  func sorted() -> [Entry] { heap.sorted { $0.isBetter(than: $1) } }

  private mutating func siftUp() {
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[parent].isBetter(than: heap[child]) else { return }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var worst = parent
      let (left, right) = (2 * parent + 1, 2 * parent + 2)
      if left < heap.count, heap[worst].isBetter(than: heap[left]) { worst = left }
      if right < heap.count, heap[worst].isBetter(than: heap[right]) { worst = right }
      if worst == parent { return }
      heap.swapAt(worst, parent)
      parent = worst
    }
  }
}
