/// A linear program in few rows: minimise c·x subject to rows and x ≥ 0, solved by the two-phase simplex method on a
/// dense tableau.
///
/// The entering column is the one of steepest reduced cost (Dantzig). After a run of steps that gain nothing the rule
/// changes to Bland's, which cannot cycle, until the objective moves again.
struct LinearProgram {
  enum Relation { case atMost, atLeast, equal }
  struct Row {
    var coefficients: [Double]
    var relation: Relation
    /// Not negative.
    var bound: Double
  }
  enum Solution: Equatable {
    case optimal(value: Double, variables: [Double])
    case infeasible, unbounded
    /// Rounding kept the method from finishing within its steps.
    case stalled
  }

  let costs: [Double]
  let rows: [Row]

  func solve() -> Solution {
    var tableau = Tableau(self)
    return tableau.solve(costs)
  }
}

/// Rows of coefficients with the bound in the last column, and below them the reduced costs.
private struct Tableau {
  /// Coefficients are scaled to at most 1 by the caller; what is smaller than this is rounding.
  private static let pivotTolerance = 1e-9
  private static let costTolerance = 1e-11
  private static let feasibilityTolerance = 1e-8
  /// Steps without gain after which Bland's rule takes over.
  private static let patience = 20

  private let variables: Int
  /// First artificial column; those after it never enter in phase two.
  private let artificials: Int
  private let width: Int
  private let height: Int
  private var cells: [Double]
  private var basis: [Int]

  init(_ program: LinearProgram) {
    variables = program.costs.count
    height = program.rows.count
    let slacks = program.rows.filter { $0.relation != .equal }.count
    let artificialRows = program.rows.filter { $0.relation != .atMost }.count
    artificials = variables + slacks
    width = artificials + artificialRows + 1
    cells = [Double](repeating: 0, count: (height + 1) * width)
    basis = [Int](repeating: 0, count: height)
    var slack = variables
    var artificial = artificials
    for (index, row) in program.rows.enumerated() {
      let start = index * width
      cells.replaceSubrange(start..<(start + variables), with: row.coefficients)
      cells[start + width - 1] = row.bound
      if row.relation != .equal {
        cells[start + slack] = row.relation == .atMost ? 1 : -1
        basis[index] = slack
        slack += 1
      }
      if row.relation != .atMost {
        cells[start + artificial] = 1
        basis[index] = artificial
        artificial += 1
      }
    }
  }

  mutating func solve(_ costs: [Double]) -> LinearProgram.Solution {
    if width - 1 > artificials {
      price((0..<(width - 1)).map { $0 >= artificials ? 1 : 0 })
      switch minimise(columns: width - 1) {
      case .optimal: break
      case .unbounded, .stalled: return .stalled
      }
      guard -cells[height * width + width - 1] <= Self.feasibilityTolerance else { return .infeasible }
      expelArtificials()
    }
    price(costs + [Double](repeating: 0, count: width - 1 - variables))
    switch minimise(columns: artificials) {
    case .stalled: return .stalled
    case .unbounded: return .unbounded
    case .optimal: break
    }
    var values = [Double](repeating: 0, count: variables)
    for row in 0..<height where basis[row] < variables { values[basis[row]] = max(0, cells[row * width + width - 1]) }
    // From the variables themselves: the tableau's corner has gathered the rounding of every step.
    return .optimal(value: zip(costs, values).reduce(0) { $0 + $1.0 * $1.1 }, variables: values)
  }

  private enum Outcome { case optimal, unbounded, stalled }

  /// Sets the reduced costs for a cost per column.
  private mutating func price(_ costs: [Double]) {
    let last = height * width
    cells.replaceSubrange(last..<(last + width), with: costs + [0])
    for row in 0..<height {
      let factor = costs[basis[row]]
      if factor == 0 { continue }
      for column in 0..<width { cells[last + column] -= factor * cells[row * width + column] }
    }
  }

  private mutating func minimise(columns: Int) -> Outcome {
    var idle = 0
    for _ in 0..<(50 * (height + columns) + 1_000) {
      let useBland = idle >= Self.patience
      guard let entering = entering(columns: columns, first: useBland) else { return .optimal }
      guard let leaving = leaving(entering, first: useBland) else { return .unbounded }
      let step = cells[leaving * width + width - 1] / cells[leaving * width + entering]
      idle = step > Self.pivotTolerance ? 0 : idle + 1
      pivot(leaving, entering)
    }
    return .stalled
  }

  private func entering(columns: Int, first: Bool) -> Int? {
    let last = height * width
    var best: Int?
    var cost = -Self.costTolerance
    for column in 0..<columns where cells[last + column] < cost {
      best = column
      if first { break }
      cost = cells[last + column]
    }
    return best
  }

  /// The row that bounds the step; among equals the one with the largest pivot, or by Bland the lowest basic column.
  private func leaving(_ entering: Int, first: Bool) -> Int? {
    var best: Int?
    var ratio = Double.infinity
    for row in 0..<height {
      let pivot = cells[row * width + entering]
      guard pivot > Self.pivotTolerance else { continue }
      let candidate = max(0, cells[row * width + width - 1]) / pivot
      guard let current = best else {
        best = row
        ratio = candidate
        continue
      }
      let isEqual = (candidate - ratio).magnitude <= 1e-13 * max(1, ratio)
      let wins = first ? basis[row] < basis[current] : pivot > cells[current * width + entering]
      if isEqual ? wins : candidate < ratio {
        best = row
        ratio = min(ratio, candidate)
      }
    }
    return best
  }

  private mutating func pivot(_ row: Int, _ column: Int) {
    let (width, height) = (width, height)
    basis[row] = column
    cells.withUnsafeMutableBufferPointer { cells in
      let source = row * width
      let scale = 1 / cells[source + column]
      for index in 0..<width { cells[source + index] *= scale }
      cells[source + column] = 1
      for other in 0...height where other != row {
        let target = other * width
        let factor = cells[target + column]
        if factor == 0 { continue }
        for index in 0..<width { cells[target + index] -= factor * cells[source + index] }
        cells[target + column] = 0
      }
    }
  }

  /// Artificial columns that stayed basic at 0 leave; a row that has nothing else says what the others say.
  private mutating func expelArtificials() {
    for row in 0..<height where basis[row] >= artificials {
      let candidates = 0..<artificials
      let column = candidates.max { left, right in
        cells[row * width + left].magnitude < cells[row * width + right].magnitude
      }
      if let column, cells[row * width + column].magnitude > Self.pivotTolerance {
        pivot(row, column)
      } else {
        for column in 0..<width { cells[row * width + column] = 0 }
      }
    }
  }
}
