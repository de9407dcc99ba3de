package import Kernel

/// Which values of a criterion are good ones.
package enum CriterionDirection: Sendable, Hashable {
  case higherIsBetter, lowerIsBetter
}

package struct Criterion: Sendable, Hashable {
  package var id: String
  package var direction: CriterionDirection
  package init(id: String, direction: CriterionDirection) {
    self.id = id
    self.direction = direction
  }
}

/// What becomes of a cell without a value. There is no default on purpose: whoever asks says which.
package enum MissingValueRule: Sendable, Hashable {
  /// A missing cell is an error.
  case refuse
  /// The alternative is left out and named in `dropped`.
  case dropAlternative
  /// The criterion's worst present value.
  case worstValue
  /// The mean of the criterion's present values.
  case columnMean
}

/// Alternatives by criteria, complete and finite: what every method here computes on.
package struct DecisionMatrix: Sendable, Hashable {
  /// Bound of a value's magnitude: its square, summed over every alternative, stays finite.
  package static let maximumMagnitude = 1e100
  package static let maximumAlternatives = 10_000
  package static let maximumCriteria = 100
  /// 1.6 MB of doubles, within the size of a message.
  package static let maximumCells = 200_000

  package let alternatives: [String]
  package let criteria: [Criterion]
  /// Column by column.
  let values: [Double]
  /// Alternatives that `MissingValueRule.dropAlternative` left out, in the order given.
  package let dropped: [String]

  /// - Parameters:
  ///   - values: row by row.
  ///   - missing: indexes into `values` that have no value; what stands there is ignored.
  /// - Throws: `REQUIRED_FIELD_MISSING`, `BATCH_TOO_LARGE`, `INVALID_ARGUMENT` or `DATA_REFUSED`, naming `alternatives`,
  ///   `criteria`, `values` or `missing_cells` with the index.
  package init(
    alternatives: [String], criteria: [Criterion], values: [Double], missing: [Int] = [],
    rule: MissingValueRule = .refuse
  ) throws(DomainError) {
    try Bounds.ids(alternatives, maximum: Self.maximumAlternatives, "alternatives")
    try Bounds.ids(criteria.map(\.id), maximum: Self.maximumCriteria, "criteria")
    let (rows, columns) = (alternatives.count, criteria.count)
    guard values.count == rows * columns else {
      throw .invalid(
        "values", "\(rows) alternatives × \(columns) criteria are \(rows * columns) cells, not \(values.count)")
    }
    guard values.count <= Self.maximumCells else {
      throw DomainError(.batchTooLarge, "at most \(Self.maximumCells) cells, not \(values.count)", field: "values")
    }
    var present = [Bool](repeating: true, count: values.count)
    for (index, cell) in missing.enumerated() {
      guard present.indices.contains(cell) else {
        throw .invalid("missing_cells[\(index)]", "\(cell) is not the index of a cell")
      }
      present[cell] = false
    }
    for (index, value) in values.enumerated() where present[index] {
      try Bounds.finite(value, "values[\(index)]", maximum: Self.maximumMagnitude)
    }
    let holes = present.firstIndex(of: false)
    if let hole = holes, rule == .refuse {
      throw DomainError(
        .dataRefused, "\(alternatives[hole / columns]) has no value of \(criteria[hole % columns].id)",
        field: "missing_cells")
    }
    var kept = Array(0..<rows)
    if holes != nil, rule == .dropAlternative {
      kept = kept.filter { row in present[(row * columns)..<((row + 1) * columns)].allSatisfy(\.self) }
      guard !kept.isEmpty else {
        throw DomainError(.dataRefused, "every alternative lacks a value", field: "missing_cells")
      }
    }
    var cells: [Double] = []
    cells.reserveCapacity(kept.count * columns)
    for (column, criterion) in criteria.enumerated() {
      let known = kept.lazy.map { $0 * columns + column }.filter { present[$0] }.map { values[$0] }
      var filling = 0.0
      if known.count < kept.count {
        guard let worst = criterion.direction == .higherIsBetter ? known.min() : known.max() else {
          throw DomainError(.dataRefused, "no alternative has a value of \(criterion.id)", field: "missing_cells")
        }
        filling = rule == .columnMean ? known.reduce(0, +) / Double(known.count) : worst
      }
      for row in kept {
        let cell = row * columns + column
        cells.append(present[cell] ? values[cell] : filling)
      }
    }
    self.alternatives = kept.map { alternatives[$0] }
    self.criteria = criteria
    self.values = cells
    dropped = kept.count == rows ? [] : Set(0..<rows).subtracting(kept).sorted().map { alternatives[$0] }
  }

  private init(unchecked alternatives: [String], _ criteria: [Criterion], _ values: [Double]) {
    self.alternatives = alternatives
    self.criteria = criteria
    self.values = values
    dropped = []
  }

  package var rows: Int { alternatives.count }
  package var columns: Int { criteria.count }

  package func column(_ index: Int) -> ArraySlice<Double> { values[(index * rows)..<((index + 1) * rows)] }

  /// Whether all alternatives have the same value: such a criterion tells nothing apart.
  package func isConstant(_ index: Int) -> Bool {
    let column = column(index)
    return column.allSatisfy { $0 == column.first }
  }

  /// The matrix as if the criterion had not been asked.
  package func without(criterion index: Int) -> DecisionMatrix {
    var criteria = criteria
    var values = values
    criteria.remove(at: index)
    values.removeSubrange((index * rows)..<((index + 1) * rows))
    return DecisionMatrix(unchecked: alternatives, criteria, values)
  }

  /// The matrix as if the alternative had not taken part.
  package func without(alternative index: Int) -> DecisionMatrix {
    var alternatives = alternatives
    alternatives.remove(at: index)
    var values: [Double] = []
    values.reserveCapacity(self.values.count - columns)
    for column in 0..<columns {
      let start = column * rows
      values += self.values[start..<(start + index)]
      values += self.values[(start + index + 1)..<(start + rows)]
    }
    return DecisionMatrix(unchecked: alternatives, criteria, values)
  }
}
