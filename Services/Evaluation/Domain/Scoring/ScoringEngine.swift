package import Kernel

/// One line of a result.
package struct ScoreRow: Hashable, Sendable {
  package var institutionID: String
  package var title: String
  package var table: String
  /// 1 is best; 0 outside the table.
  package var rank: Int
  /// Published total: bounded and rounded.
  package var total: Int64
  package var regular: Int64
  package var bonus: Int64
  package var grade: String
  /// Why it is outside the table; empty when ranked.
  package var outsideReason: String
  /// Scores of the compiled scheme's nodes, then of its bonuses; empty outside the table.
  package var nodeScores: [Int64]

  package init(
    institutionID: String, title: String, table: String, rank: Int, total: Int64, regular: Int64, bonus: Int64,
    grade: String, outsideReason: String, nodeScores: [Int64]
  ) {
    self.institutionID = institutionID
    self.title = title
    self.table = table
    self.rank = rank
    self.total = total
    self.regular = regular
    self.bonus = bonus
    self.grade = grade
    self.outsideReason = outsideReason
    self.nodeScores = nodeScores
  }
}

/// Turns frozen inputs into tables. A pure function: the same input gives the same rows in the same order.
package enum ScoringEngine {
  /// Part of every digest. Changes whenever a formula, a rounding or an order does.
  package static let version = "1"

  /// - Throws: `DATA_REFUSED` naming institution and indicator where the scheme refuses a run without a value;
  ///   `AMOUNT_OVERFLOW`; `INVALID_ARGUMENT` when the period does not fit an indicator.
  package static func evaluate(_ input: RunInput) throws(DomainError) -> Evaluation {
    let grid = try ValueGrid(input)
    let compiled = CompiledScheme(input.scheme)
    var groups: [String: [Int]] = [:]
    for (index, institution) in input.institutions.enumerated() {
      let table = input.scheme.tableScope == .whole ? Evaluation.wholeTable : institution.peerGroup
      groups[table, default: []].append(index)
    }
    var tables: [EvaluatedTable] = []
    for name in groups.keys.sorted() {
      let evaluator = try TableEvaluator(name: name, members: groups[name] ?? [], grid: grid, compiled: compiled)
      tables.append(try evaluator.table())
    }
    return Evaluation(grid: grid, compiled: compiled, tables: tables)
  }
}

/// A computed run, with what is needed to explain any of its scores.
package struct Evaluation: Sendable {
  /// The table's name when a scheme ranks all institutions together.
  package static let wholeTable = "all"

  package let grid: ValueGrid
  package let compiled: CompiledScheme
  package let tables: [EvaluatedTable]
  /// Where an institution stands: its table, its row there, and its index in the run.
  let places: [String: (table: Int, row: Int, institution: Int)]

  init(grid: ValueGrid, compiled: CompiledScheme, tables: [EvaluatedTable]) {
    self.grid = grid
    self.compiled = compiled
    self.tables = tables
    var indexes: [String: Int] = [:]
    for (index, institution) in grid.input.institutions.enumerated() { indexes[institution.id] = index }
    var places: [String: (table: Int, row: Int, institution: Int)] = [:]
    for (table, rows) in tables.map(\.rows).enumerated() {
      for (position, row) in rows.enumerated() {
        if let index = indexes[row.institutionID] { places[row.institutionID] = (table, position, index) }
      }
    }
    self.places = places
  }

  package var input: RunInput { grid.input }

  /// The result as text, one row a line; its SHA-256 is the run's result digest.
  package var canonicalText: String {
    var text = "huirong-evaluation-result/1\n"
    for table in tables {
      for row in table.rows {
        text += "\(row.table)\t\(row.rank)\t\(row.institutionID)\t\(row.total)\t\(row.regular)\t\(row.bonus)\t"
        text += "\(row.grade)\t\(row.outsideReason)\t"
        text += row.nodeScores.map(String.init).joined(separator: ",") + "\n"
      }
    }
    return text
  }
}

/// One table with its rows: ranked ones best first, then those outside by id.
package struct EvaluatedTable: Sendable {
  package let name: String
  package let rows: [ScoreRow]
  /// By indicator, over the institutions inside the table.
  package let peers: [String: PeerStatistics]

  package var rankedCount: Int { rows.lazy.filter { $0.rank > 0 }.count }
}

/// The values of every indicator of a scheme for every institution of a run.
package struct ValueGrid: Sendable {
  package let input: RunInput
  package private(set) var resolver: ValueResolver
  package let indicators: [String: Indicator]
  private var columns: [String: [ValueResolver.Value]] = [:]

  package init(_ input: RunInput) throws(DomainError) {
    self.input = input
    resolver = ValueResolver(input)
    indicators = Dictionary(uniqueKeysWithValues: input.indicators.map { ($0.id, $0) })
    var none: [String]?
    for id in input.scheme.indicatorIDs {
      var column: [ValueResolver.Value] = []
      column.reserveCapacity(input.institutions.count)
      for institution in input.institutions.indices {
        column.append(
          try resolver.value(of: id, in: input.scope.period, institution: institution, sources: &none))
      }
      columns[id] = column
    }
  }

  /// The grid as it would be after a supposed change: only that institution's values are computed anew.
  func supposing(_ supposition: Supposition) throws(DomainError) -> ValueGrid {
    var grid = self
    grid.resolver.supposition = supposition
    var none: [String]?
    for id in input.scheme.indicatorIDs {
      let value = try grid.resolver.value(
        of: id, in: input.scope.period, institution: supposition.institution, sources: &none)
      if value != self.value(id, supposition.institution) { grid.columns[id]?[supposition.institution] = value }
    }
    return grid
  }

  package func value(_ id: String, _ institution: Int) -> ValueResolver.Value {
    columns[id]?[institution] ?? .absent(.noFact(indicatorID: id, period: input.scope.period))
  }

  package func number(_ id: String, _ institution: Int) -> Int64? { value(id, institution).number }

  package func direction(_ id: String) -> Direction { indicators[id]?.direction ?? .higherIsBetter }
}
