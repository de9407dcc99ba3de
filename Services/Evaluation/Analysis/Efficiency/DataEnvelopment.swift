package import Kernel

/// Data envelopment analysis, input-oriented: by which factor could a unit shrink all its inputs if it worked as the
/// best mixes of units do, and still make its outputs?
package enum DataEnvelopment {
  package enum Returns: Sendable, Hashable {
    /// Charnes, Cooper, Rhodes 1978: any multiple of a unit is a mix.
    case constant
    /// Banker, Charnes, Cooper 1984: shares of a mix sum to 1.
    case variable
  }

  package struct Efficiency: Sendable, Hashable {
    /// Above 0, at most 1; 1 is efficient (Farrell; slacks may remain).
    package let value: Double
    /// Units of the mix with their multiples, by index. Where several mixes are best, one of them.
    package let peers: [Peer]
  }
  package struct Peer: Sendable, Hashable {
    package let unit: Int
    package let multiple: Double
  }

  /// Multiples below this are rounding.
  private static let smallestMultiple = 1e-9

  /// - Throws: `INTERNAL` when rounding kept the simplex method from an answer.
  package static func efficiency(
    of unit: Int, in data: ProductionData, _ returns: Returns
  ) throws(DomainError) -> Efficiency {
    let inputs = data.inputs.indices.filter { data.input(unit, $0) > 0 }
    let idle = data.inputs.indices.filter { data.input(unit, $0) == 0 }
    let outputs = data.outputs.indices.filter { data.output(unit, $0) > 0 }
    // A unit without some input can only be measured by units that do without it as well.
    let candidates = data.units.indices.filter { other in idle.allSatisfy { data.input(other, $0) == 0 } }
    // Rows are measured in the unit's own amounts and columns in their own largest coefficient: all lie within 0 to 1
    // whatever the units of measure and however different in size the units are.
    let columns = candidates.map { other in
      let column =
        inputs.map { data.input(other, $0) / data.input(unit, $0) }
        + outputs.map { data.output(other, $0) / data.output(unit, $0) } + (returns == .variable ? [1] : [])
      return (cells: column, scale: column.max().map { $0 > 0 ? $0 : 1 } ?? 1)
    }
    var rows: [LinearProgram.Row] = []
    for row in 0..<(inputs.count + outputs.count) {
      let isInput = row < inputs.count
      rows.append(
        LinearProgram.Row(
          coefficients: [isInput ? -1 : 0] + columns.map { $0.cells[row] / $0.scale },
          relation: isInput ? .atMost : .atLeast, bound: isInput ? 0 : 1))
    }
    if returns == .variable {
      rows.append(LinearProgram.Row(coefficients: [0] + columns.map { 1 / $0.scale }, relation: .equal, bound: 1))
    }
    let costs = [1] + [Double](repeating: 0, count: candidates.count)
    guard case .optimal(let value, let variables) = LinearProgram(costs: costs, rows: rows).solve() else {
      throw DomainError(.internal, "no efficiency was found for \(data.units[unit])")
    }
    let peers = candidates.enumerated().compactMap { position, other -> Peer? in
      let multiple = variables[position + 1] / columns[position].scale
      return multiple > smallestMultiple ? Peer(unit: other, multiple: multiple) : nil
    }
    return Efficiency(value: min(1, max(0, value)), peers: peers)
  }
}
