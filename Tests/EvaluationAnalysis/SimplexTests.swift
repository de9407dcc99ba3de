import Testing

@testable import EvaluationAnalysis

@Suite("The simplex method") struct SimplexTests {
  private func row(_ coefficients: [Double], _ relation: LinearProgram.Relation, _ bound: Double) -> LinearProgram.Row {
    LinearProgram.Row(coefficients: coefficients, relation: relation, bound: bound)
  }

  @Test func `a small program has its vertex`() {
    let program = LinearProgram(
      costs: [-0.3, -0.5], rows: [row([1, 0], .atMost, 4), row([0, 1], .atMost, 6), row([0.6, 0.4], .atMost, 3.6)])
    guard case .optimal(let value, let variables) = program.solve() else {
      Issue.record("no optimum")
      return
    }
    #expect(isClose([value], [-3.6]))
    #expect(isClose(variables, [2, 6]))
  }

  @Test func `Beale's cycling example ends at its optimum`() {
    let program = LinearProgram(
      costs: [-0.75, 150, -0.02, 6],
      rows: [
        row([0.25, -60, -0.04, 9], .atMost, 0), row([0.5, -90, -0.02, 3], .atMost, 0), row([0, 0, 1, 0], .atMost, 1),
      ])
    guard case .optimal(let value, _) = program.solve() else {
      Issue.record("no optimum")
      return
    }
    #expect(isClose([value], [-0.05]))
  }

  @Test func `what has no answer is told apart`() {
    #expect(
      LinearProgram(costs: [1], rows: [row([1], .atLeast, 2), row([1], .atMost, 1)]).solve() == .infeasible)
    #expect(LinearProgram(costs: [-1], rows: [row([1], .atLeast, 1)]).solve() == .unbounded)
  }

  @Test func `rows that say the same twice do no harm`() {
    let program = LinearProgram(
      costs: [1, 1], rows: [row([1, 1], .equal, 1), row([1, 1], .equal, 1), row([0.5, 0.5], .equal, 0.5)])
    guard case .optimal(let value, _) = program.solve() else {
      Issue.record("no optimum")
      return
    }
    #expect(isClose([value], [1]))
  }
}
