import Kernel

/// The closing balances of one account day by day, for postings with an earlier value date: the least of them from a day
/// on, and adding to all of them from a day on, each in logarithmic time. A tree over consecutive days; a node keeps what
/// was added to all its days and the least of them, that included.
struct ClosingBalances {
  private let first: Int32
  private let last: Int32
  private let leaves: Int
  private let sign: Int128
  private var added: [Int128]
  private var lowest: [Int128]

  /// - Parameters:
  ///   - posted: changes in any order, debits less credits.
  ///   - sign: 1 counts debits less credits, -1 credits less debits.
  ///   - day: a day that is covered besides.
  init(_ posted: [PostedDay], sign: Int128, with day: BusinessDate) {
    var (first, last) = (day.dayNumber, day.dayNumber)
    for change in posted {
      first = min(first, change.day.dayNumber)
      last = max(last, change.day.dayNumber)
    }
    self.sign = sign
    self.first = first
    self.last = last
    var leaves = 1
    while leaves < Int(last) - Int(first) + 1 { leaves *= 2 }
    self.leaves = leaves
    added = [Int128](repeating: 0, count: 2 * leaves)
    lowest = [Int128](repeating: 0, count: 2 * leaves)
    var closing = [Int128](repeating: 0, count: leaves)
    for change in posted { closing[Int(change.day.dayNumber - first)] += sign * Int128(change.change) }
    var sum: Int128 = 0
    for index in 0..<leaves {
      sum += closing[index]
      lowest[leaves + index] = sum
    }
    for node in stride(from: leaves - 1, to: 0, by: -1) { lowest[node] = min(lowest[2 * node], lowest[2 * node + 1]) }
  }

  func covers(_ day: BusinessDate) -> Bool { (first...last).contains(day.dayNumber) }

  /// - Parameter change: debits less credits.
  mutating func add(_ change: Int128, from day: BusinessDate) {
    guard day.dayNumber <= last else { return }
    add(sign * change, node: 1, from: max(0, Int(day.dayNumber) - Int(first)), low: 0, high: leaves)
  }

  /// The least closing balance of that day and all later ones.
  func least(from day: BusinessDate) -> Int128 {
    least(node: 1, from: min(leaves - 1, max(0, Int(day.dayNumber) - Int(first))), low: 0, high: leaves)
  }

  private mutating func add(_ amount: Int128, node: Int, from: Int, low: Int, high: Int) {
    if from <= low {
      added[node] += amount
      lowest[node] += amount
      return
    }
    let middle = (low + high) / 2
    if from < middle { add(amount, node: 2 * node, from: from, low: low, high: middle) }
    add(amount, node: 2 * node + 1, from: from, low: middle, high: high)
    lowest[node] = min(lowest[2 * node], lowest[2 * node + 1]) + added[node]
  }

  private func least(node: Int, from: Int, low: Int, high: Int) -> Int128 {
    if from <= low { return lowest[node] }
    let middle = (low + high) / 2
    let right = least(node: 2 * node + 1, from: from, low: middle, high: high)
    let both = from < middle ? min(right, least(node: 2 * node, from: from, low: low, high: middle)) : right
    return both + added[node]
  }
}
