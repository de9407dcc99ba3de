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
  package var canonicalText: String { String(decoding: canonicalBytes, as: UTF8.self) }

  package var canonicalBytes: [UInt8] {
    var text = CanonicalRows()
    for table in tables {
      for row in table.rows { text.add(row) }
    }
    return text.bytes
  }
}

/// Rows as tab-separated lines. A run has tens of thousands of scores: numbers are written digit by digit, without a text
/// for each.
private struct CanonicalRows {
  private(set) var bytes = Array("huirong-evaluation-result/1\n".utf8)

  mutating func add(_ row: ScoreRow) {
    add(row.table)
    add(Int64(row.rank))
    add(row.institutionID)
    add(row.total)
    add(row.regular)
    add(row.bonus)
    add(row.grade)
    add(row.outsideReason)
    for (index, score) in row.nodeScores.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      write(score)
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  private mutating func add(_ text: String) {
    bytes += text.utf8
    bytes.append(UInt8(ascii: "\t"))
  }

  private mutating func add(_ number: Int64) {
    write(number)
    bytes.append(UInt8(ascii: "\t"))
  }

  private mutating func write(_ number: Int64) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    let first = bytes.count
    var rest = number.magnitude
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[first...].reverse()
  }
}

/// One table with its rows: ranked ones best first, then those outside by id.
package struct EvaluatedTable: Sendable {
  package let name: String
  package let rows: [ScoreRow]
  /// In the order of the grid's columns, over the institutions inside the table.
  let peers: [PeerStatistics]
  /// Everyone of the table, in the run's order.
  let members: [Int]
  /// Column by column, the place of each member's value among its peers; 0 without one. Empty for columns of which no
  /// function looks at peers.
  let places: [[Int32]]

  /// The place of a member's value of a column that is compared.
  func place(column: Int, of institution: Int) -> Int {
    var (low, high) = (0, members.count)
    while low < high {
      let middle = (low + high) / 2
      if members[middle] < institution { low = middle + 1 } else { high = middle }
    }
    return low < members.count && members[low] == institution ? Int(places[column][low]) : 0
  }

  package var rankedCount: Int { rows.lazy.filter { $0.rank > 0 }.count }
}
