import Kernel

/// Who is in a table and who is left outside, decided before any score is computed.
enum TableEntry {
  /// Why an institution stays outside; `nil` when it is in.
  /// - Throws: `DATA_REFUSED` when the scheme refuses to run without a value.
  static func reasonOutside(_ institution: Int, grid: ValueGrid, compiled: CompiledScheme) throws(DomainError)
    -> String?
  {
    let scheme = compiled.scheme
    let entry = grid.input.institutions[institution]
    if scheme.excludeFirstYear, entry.firstYear != 0, entry.firstYear >= grid.input.scope.period.lastYear {
      return "first year of business (\(entry.firstYear))"
    }
    for gate in scheme.gates where gate.effect == .outsideTable {
      if gate.trips(grid.number(gate.indicatorID, institution)) { return "gate \(gate.id)" }
    }
    for need in needs(compiled) {
      guard let absence = absence(need, institution, grid: grid) else { continue }
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

  private struct Need {
    let indicatorID: String
    let function: ScoringFunction
    let missing: MissingPolicy
  }

  private static func needs(_ compiled: CompiledScheme) -> [Need] {
    var needs: [Need] = []
    for node in compiled.nodes {
      guard case .leaf(let id, let function, let missing) = node.definition.content else { continue }
      if case .composite(let parts) = function {
        needs += parts.map { Need(indicatorID: $0.indicatorID, function: $0.function, missing: $0.missing) }
      } else if let id, let missing {
        needs.append(Need(indicatorID: id, function: function, missing: missing))
      }
    }
    needs += compiled.scheme.bonuses.map {
      Need(indicatorID: $0.indicatorID, function: $0.function, missing: $0.missing)
    }
    return needs
  }

  private static func absence(_ need: Need, _ institution: Int, grid: ValueGrid) -> String? {
    for id in [need.indicatorID] + need.function.furtherIndicators {
      if case .absent(let absence) = grid.value(id, institution) { return absence.description }
    }
    if case .attainment(let rule) = need.function, case .indicator(let target) = rule.target,
      let number = grid.number(target, institution), number <= 0
    {
      return "\(target) is \(number), not a target"
    }
    return nil
  }
}
