import EvaluationRatings
import Kernel
import Testing

@Suite("Monitoring of scorecards") struct MonitoringTests {
  private func separation(_ rows: [(Int64, Outcome)]) -> Separation {
    Separation(rows.map { (points: $0.0, outcome: $0.1) })
  }

  @Test func `AUC counts pairs and ties half, KS is the largest distance`() {
    let perfect = separation([(1, .bad), (2, .good)])
    #expect(perfect.aucPPM == 1_000_000)
    #expect(perfect.ksPPM == 1_000_000)
    let tied = separation([(5, .bad), (5, .good), (5, .good)])
    #expect(tied.aucPPM == 500_000)
    #expect(tied.ksPPM == 0)
    // Pairs good over bad: (3 over 1, 2), (2 over 1, tie with 2), (1 tie with 1, under 2): 2 + 1.5 + 0.5 of 6.
    let mixed = separation([(3, .good), (2, .good), (1, .good), (1, .bad), (2, .bad)])
    #expect(mixed.aucPPM == 666_667)
    #expect(mixed.ksPPM == 333_333)
    #expect(separation([(1, .good)]).aucPPM == nil)
    #expect(separation([]).ksPPM == nil)
  }

  @Test func `an unchanged sample has a PSI of 0, an empty band counts as half a firm`() {
    #expect(Stability.indexMicro(expected: [10, 20, 70], actual: [100, 200, 700]) == 0)
    // 0.1 × ln 1.5, then −0.1 × ln(4/5): 0.3 against 0.2, and so on, by hand.
    #expect(Stability.indexMicro(expected: [50, 50], actual: [60, 40]) == 40_547)
    #expect(Stability.indexMicro(expected: [10, 0], actual: [10, 0]) == 0)
    #expect(Stability.indexMicro(expected: [10, 10], actual: [20, 0]).map { $0 > 1_000_000 } == true)
    #expect(Stability.indexMicro(expected: [0], actual: [1]) == nil)
  }

  private func row(_ points: Int64, _ outcome: Outcome?, _ region: String = "r1") -> MonitoringRow {
    MonitoringRow(points: points, outcome: outcome, region: region, size: "small")
  }

  @Test func `a better grade with more losses is named`() throws {
    let rows = [row(600, .bad), row(600, .good), row(520, .good), row(400, .bad), row(400, nil)]
    let report = try MonitoringReport(rows, of: Given.card, approvalGrade: "A")
    #expect(report.inversions.map { [$0.better, $0.worse] } == [["AAA", "A"]])
    #expect(report.grades.map(\.count) == [2, 1, 2])
    #expect(report.grades.map(\.badRatePPM) == [500_000, 0, 1_000_000])
    #expect(report.psiMicro != nil)
    #expect(report.separation.goods == 2)
  }

  @Test func `fairness compares with the largest group and shows the counts`() throws {
    let rows =
      (0..<8).map { row($0 < 4 ? 520 : 400, .good, "big") } + (0..<4).map { row($0 < 1 ? 520 : 400, .bad, "small") }
    let report = try MonitoringReport(rows, of: Given.card, approvalGrade: "A")
    let regions = report.groups.filter { $0.dimension == "region" }
    #expect(regions.map(\.group) == ["big", "small"])
    #expect(regions.map(\.approvalRatePPM) == [500_000, 250_000])
    #expect(regions.map(\.approvalRatioPPM) == [1_000_000, 500_000])
    #expect(regions.map(\.approvedBadRatePPM) == [0, 1_000_000])
  }

  @Test func `without firms or counts the report says why figures are absent`() throws {
    let report = try MonitoringReport([], of: Given.card, approvalGrade: "D")
    #expect(report.psiMicro == nil)
    #expect(report.notes.count == 2)
    let error = domainError { () throws(DomainError) in
      _ = try MonitoringReport([], of: Given.card, approvalGrade: "BB")
    }
    #expect(error?.field == "approval_grade")
  }
}
