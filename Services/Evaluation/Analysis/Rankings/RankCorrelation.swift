/// How alike two rankings of the same alternatives are.
package struct RankCorrelation: Sendable, Hashable {
  /// Pearson's correlation of average ranks; `nil` when one ranking ties everything.
  package let spearman: Double?
  /// Kendall's τ-b; `nil` when one ranking ties everything.
  package let kendall: Double?

  /// - Parameter first, second: scores or ranks of the same alternatives, as many in each.
  package init(_ first: [Double], _ second: [Double]) {
    spearman = Self.pearson(
      Ranks.of(first, higherIsBetter: false, ties: .average), Ranks.of(second, higherIsBetter: false, ties: .average))
    kendall = Self.tauB(first, second)
  }

  private static func pearson(_ first: [Double], _ second: [Double]) -> Double? {
    // Ranks average (n + 1) ÷ 2; twice the deviations are whole numbers, so the sums are exact.
    let centre = Double(first.count + 1)
    var (product, squares, otherSquares) = (0.0, 0.0, 0.0)
    for index in first.indices {
      let (a, b) = (2 * first[index] - centre, 2 * second[index] - centre)
      product += a * b
      squares += a * a
      otherSquares += b * b
    }
    guard squares > 0, otherSquares > 0 else { return nil }
    return min(1, max(-1, product / (squares * otherSquares).squareRoot()))
  }

  /// By Knight's merge count: n·log n.
  private static func tauB(_ first: [Double], _ second: [Double]) -> Double? {
    let count = first.count
    let order = first.indices.sorted { (first[$0], second[$0]) < (first[$1], second[$1]) }
    func tied(_ ranks: [Double]) -> Int {
      let sorted = ranks.sorted()
      return pairs(in: sorted.indices) { sorted[$0] == sorted[$1] }
    }
    let all = count * (count - 1) / 2
    let tiedFirst = tied(first)
    let tiedSecond = tied(second)
    let tiedBoth = pairs(in: order.indices) {
      first[order[$0]] == first[order[$1]] && second[order[$0]] == second[order[$1]]
    }
    guard tiedFirst < all, tiedSecond < all else { return nil }
    let discordant = Inversions.count(order.map { second[$0] })
    let difference = all - tiedFirst - tiedSecond + tiedBoth - 2 * discordant
    // Of the product: the root of a square is exact, and equal rankings have exactly 1.
    let scale = (Double(all - tiedFirst) * Double(all - tiedSecond)).squareRoot()
    return min(1, max(-1, Double(difference) / scale))
  }

  /// Pairs inside the runs of neighbours that are alike.
  private static func pairs(in range: Range<Int>, _ alike: (Int, Int) -> Bool) -> Int {
    var (total, run) = (0, 1)
    for index in range.dropFirst() {
      if alike(index - 1, index) {
        total += run
        run += 1
      } else {
        run = 1
      }
    }
    return total
  }
}

enum Inversions {
  /// Pairs in which the earlier value is the larger, by merging.
  static func count(_ values: [Double]) -> Int {
    var current = values
    var merged = values
    var inversions = 0
    var width = 1
    while width < current.count {
      for start in stride(from: 0, to: current.count, by: 2 * width) {
        let middle = min(start + width, current.count)
        let end = min(start + 2 * width, current.count)
        var (left, right) = (start, middle)
        for target in start..<end {
          if left < middle, right == end || current[left] <= current[right] {
            merged[target] = current[left]
            left += 1
          } else {
            merged[target] = current[right]
            inversions += middle - left
            right += 1
          }
        }
      }
      swap(&current, &merged)
      width *= 2
    }
    return inversions
  }
}
