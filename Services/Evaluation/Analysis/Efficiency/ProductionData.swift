package import Kernel

/// Units that turn inputs into outputs: the data of an efficiency analysis.
package struct ProductionData: Sendable, Hashable {
  package static let maximumUnits = 2_000
  /// Inputs and outputs together: the rows of each unit's linear program.
  package static let maximumFactors = 32

  package let units: [String]
  package let inputs: [String]
  package let outputs: [String]
  /// Unit by unit, inputs before outputs.
  let values: [Double]

  /// - Throws: `INVALID_ARGUMENT` and others naming `units`, `inputs`, `outputs` or `values` with the index: a value is
  ///   negative or not finite, or a unit has no input or no output above 0.
  package init(units: [String], inputs: [String], outputs: [String], values: [Double]) throws(DomainError) {
    try Bounds.ids(units, maximum: Self.maximumUnits, "units")
    try Bounds.ids(inputs, maximum: Self.maximumFactors - 1, "inputs")
    try Bounds.ids(outputs, maximum: Self.maximumFactors - inputs.count, "outputs")
    let width = inputs.count + outputs.count
    guard values.count == units.count * width else {
      throw .invalid(
        "values",
        "\(units.count) units × \(width) inputs and outputs are \(units.count * width) cells, not \(values.count)")
    }
    for (index, value) in values.enumerated() {
      try Bounds.number(value, in: 0...DecisionMatrix.maximumMagnitude, "values[\(index)]")
    }
    for (index, unit) in units.enumerated() {
      let row = values[(index * width)..<((index + 1) * width)]
      guard row.prefix(inputs.count).contains(where: { $0 > 0 }) else {
        throw .invalid("units[\(index)]", "\(unit) has no input above 0")
      }
      guard row.suffix(outputs.count).contains(where: { $0 > 0 }) else {
        throw .invalid("units[\(index)]", "\(unit) has no output above 0")
      }
    }
    self.units = units
    self.inputs = inputs
    self.outputs = outputs
    self.values = values
  }

  func input(_ unit: Int, _ index: Int) -> Double { values[unit * (inputs.count + outputs.count) + index] }
  func output(_ unit: Int, _ index: Int) -> Double {
    values[unit * (inputs.count + outputs.count) + inputs.count + index]
  }
}
