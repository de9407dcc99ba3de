import Kernel

/// Who is in a table and who is left outside, decided before any score is computed.
struct TableEntry {
  /// What a scheme needs of an institution.
  private struct Need {
    let indicatorID: String
    let columns: [Int?]
    let indicatorIDs: [String]
    /// The column and id of the institution's own target, where the function has one.
    let target: (column: Int?, id: String)?
    let missing: MissingPolicy
  }

  private let grid: ValueGrid
  private let scheme: Scheme
  private let gates: [(gate: Gate, column: Int?)]
  private let needs: [Need]

  init(grid: ValueGrid, compiled: CompiledScheme) {
    self.grid = grid
    scheme = compiled.scheme
    gates = scheme.gates.filter { $0.effect == .outsideTable }.map { ($0, grid.index($0.indicatorID)) }
    needs = Self.needs(compiled, grid)
  }

  /// Why an institution stays outside; `nil` when it is in.
  /// - Throws: `DATA_REFUSED` when the scheme refuses to run without a value.
  func reasonOutside(_ institution: Int) throws(DomainError) -> String? {
    let entry = grid.input.institutions[institution]
    if scheme.excludeFirstYear, entry.firstYear != 0, entry.firstYear >= grid.input.scope.period.lastYear {
      return "first year of business (\(entry.firstYear))"
    }
    for (gate, column) in gates where gate.trips(column.flatMap { grid.columns[$0].number(institution) }) {
      return "gate \(gate.id)"
    }
    for need in needs {
      guard let absence = absence(need, institution) else { continue }
      switch need.missing {
      case .zeroPoints: continue
      case .outsideTable: return absence
      case .refuseRun:
        throw DomainError(
          .dataRefused, "\(entry.id): \(absence)", field: "institution_ids",
          metadata: ["institution": entry.id, "indicator": need.indicatorID])
      }
    }
    return nil
  }

  private static func needs(_ compiled: CompiledScheme, _ grid: ValueGrid) -> [Need] {
    var needs: [Need] = []
    func add(_ id: String, _ function: ScoringFunction, _ missing: MissingPolicy) {
      // Who scores zero without a value is inside whatever is missing.
      if missing == .zeroPoints { return }
      let ids = [id] + function.furtherIndicators
      needs.append(
        Need(
          indicatorID: id, columns: ids.map(grid.index), indicatorIDs: ids,
          target: function.targetIndicator.map { (grid.index($0), $0) }, missing: missing))
    }
    for node in compiled.nodes {
      guard case .leaf(let id, let function, let missing) = node.definition.content else { continue }
      if case .composite(let parts) = function {
        for part in parts { add(part.indicatorID, part.function, part.missing) }
      } else if let id, let missing {
        add(id, function, missing)
      }
    }
    for bonus in compiled.scheme.bonuses { add(bonus.indicatorID, bonus.function, bonus.missing) }
    return needs
  }

  private func absence(_ need: Need, _ institution: Int) -> String? {
    for (column, id) in zip(need.columns, need.indicatorIDs) {
      let value = column.map { grid.columns[$0].value(institution) } ?? grid.value(id, institution)
      if case .absent(let absence) = value { return absence.description }
    }
    if let (column, id) = need.target, let column, let number = grid.columns[column].number(institution), number <= 0 {
      return "\(id) is \(number), not a target"
    }
    return nil
  }
}
