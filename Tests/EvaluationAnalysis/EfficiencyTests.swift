import EvaluationAnalysis
import Kernel
import Testing

@Suite("Data envelopment analysis") struct EfficiencyTests {
  private func efficiencies(
    _ rows: [[Double]], inputs: Int, _ returns: DataEnvelopment.Returns
  ) throws -> [DataEnvelopment.Efficiency] {
    let width = rows.first?.count ?? inputs + 1
    let data = try ProductionData(
      units: rows.indices.map { "u\($0)" }, inputs: (0..<inputs).map { "x\($0)" },
      outputs: (inputs..<width).map { "y\($0)" }, values: rows.flatMap(\.self))
    return try rows.indices.map { try DataEnvelopment.efficiency(of: $0, in: data, returns) }
  }

  @Test func `one input and one output are ratios to the best ratio`() throws {
    // Cooper, Seiford, Tone, Data Envelopment Analysis, table 1.1: employees and sales of eight stores.
    let rows: [[Double]] = [[2, 1], [3, 3], [3, 2], [4, 3], [5, 4], [5, 2], [6, 3], [8, 5]]
    let found = try efficiencies(rows, inputs: 1, .constant)
    let twoThirds = 2.0 / 3
    let expected: [Double] = [0.5, 1, twoThirds, 0.75, 0.8, 0.4, 0.5, 0.625]
    #expect(isClose(found.map(\.value), expected))
    #expect(found[7].peers.map(\.unit) == [1])
    let multiple = 5.0 / 3
    #expect(isClose(found[7].peers.map(\.multiple), [multiple]))
  }

  @Test func `two inputs and one output as in the textbook`() throws {
    // Cooper, Seiford, Tone, example 2.1 (A to F): inputs x1, x2 for one unit of output.
    let rows: [[Double]] = [[4, 3, 1], [7, 3, 1], [8, 1, 1], [4, 2, 1], [2, 4, 1], [10, 1, 1]]
    let found = try efficiencies(rows, inputs: 2, .constant)
    let (first, second) = (6.0 / 7, 12.0 / 19)
    let expected: [Double] = [first, second, 1, 1, 1, 1]
    #expect(isClose(found.map(\.value), expected, within: 1e-9))
  }

  @Test func `variable returns spare the small and the large`() throws {
    let rows: [[Double]] = [[2, 1], [3, 3], [3, 2], [4, 3], [5, 4], [5, 2], [6, 3], [8, 5]]
    let constant = try efficiencies(rows, inputs: 1, .constant).map(\.value)
    let variable = try efficiencies(rows, inputs: 1, .variable)
    let third = 2.5 / 3
    let expectedVariable: [Double] = [1, 1, third, 0.75, 1, 0.5, 0.5, 1]
    #expect(isClose(variable.map(\.value), expectedVariable))
    for (found, least) in zip(variable, constant) {
      #expect(found.value >= least - 1e-12)
      #expect((found.peers.reduce(0) { $0 + $1.multiple } - 1).magnitude < 1e-9, "shares of a mix sum to 1")
    }
  }

  @Test func `units of measure, zeros, twins and scale change nothing`() throws {
    let rows: [[Double]] = [[4, 3, 1, 0], [4, 3, 1, 0], [8, 1, 0, 2], [4, 0, 1, 1], [2, 4, 1, 3]]
    let plain = try efficiencies(rows, inputs: 2, .constant).map(\.value)
    #expect(plain[0] == plain[1])
    let scaled = rows.map { [$0[0] * 1e9, $0[1] * 1e-7, $0[2] * 3e12, $0[3] * 1e-3] }
    #expect(isClose(try efficiencies(scaled, inputs: 2, .constant).map(\.value), plain))
    #expect(try efficiencies(rows + rows, inputs: 2, .variable).count == 10)
  }

  @Test func `degenerate data has answers`() throws {
    var source = Generator(seed: 11)
    for _ in 0..<60 {
      // Few different values: many ties, zeros and dependent rows.
      var rows: [[Double]] = []
      for _ in 0..<14 {
        let row = (0..<5).map { _ in Double(source.next() % 3) }
        if row[..<2].contains(where: { $0 > 0 }) && row[2...].contains(where: { $0 > 0 }) { rows.append(row) }
      }
      for returns in [DataEnvelopment.Returns.constant, .variable] {
        let found = try efficiencies(rows, inputs: 2, returns)
        #expect(found.allSatisfy { $0.value > 0 && $0.value <= 1 })
        #expect(found.contains { $0.value == 1 })
      }
    }
  }

  @Test func `a unit without input or output, and negative amounts, are refused`() throws {
    func refused(_ rows: [[Double]]) -> String? { refusal { _ = try efficiencies(rows, inputs: 1, .constant) } }
    #expect(refused([[1, 1], [0, 1]]) == "INVALID_ARGUMENT units[1]")
    #expect(refused([[1, 0]]) == "INVALID_ARGUMENT units[0]")
    #expect(refused([[1, -1]]) == "INVALID_ARGUMENT values[1]")
    #expect(refused([[.nan, 1]]) == "INVALID_ARGUMENT values[0]")
    #expect(refused([]) == "REQUIRED_FIELD_MISSING units")
  }
}
