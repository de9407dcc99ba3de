import EvaluationAnalysis
import Testing

@Suite("Correlation of rankings") struct CorrelationTests {
  @Test func `equal and opposite rankings are at the ends of the scale`() {
    let same = RankCorrelation([1, 2, 3, 4], [10, 20, 30, 40])
    #expect(same == RankCorrelation([4, 3, 2, 1], [4, 3, 2, 1]))
    #expect(same.spearman == 1 && same.kendall == 1)
    let opposite = RankCorrelation([1, 2, 3], [3, 2, 1])
    #expect(opposite.spearman == -1 && opposite.kendall == -1)
  }

  @Test func `with ties as scipy has it`() {
    // scipy.stats.spearmanr and kendalltau of these: 0.8660254037844387 and 0.816496580927726.
    let correlation = RankCorrelation([1, 2, 3], [1, 2, 2])
    #expect(isClose([correlation.spearman ?? 0], [0.8660254037844387], within: 1e-15))
    #expect(isClose([correlation.kendall ?? 0], [0.816496580927726], within: 1e-15))
  }

  @Test func `a ranking that ties everything correlates with nothing`() {
    for correlation in [
      RankCorrelation([1, 1], [1, 2]), RankCorrelation([2, 2], [2, 2]), RankCorrelation([1], [1]),
    ] {
      #expect(correlation.spearman == nil && correlation.kendall == nil)
    }
  }

  @Test func `Kendall's count is that of comparing every pair`() {
    var source = Generator(seed: 3)
    for size in 2...40 {
      let first = (0..<size).map { _ in Double(source.next() % 9) }
      let second = (0..<size).map { _ in Double(source.next() % 9) }
      var (difference, firstUntied, secondUntied) = (0.0, 0.0, 0.0)
      for i in 0..<size {
        for j in 0..<i {
          let (a, b) = (first[i] - first[j], second[i] - second[j])
          difference += (a * b).sign == .minus && a * b != 0 ? -1 : a * b == 0 ? 0 : 1
          firstUntied += a == 0 ? 0 : 1
          secondUntied += b == 0 ? 0 : 1
        }
      }
      let expected = firstUntied * secondUntied == 0 ? nil : difference / (firstUntied * secondUntied).squareRoot()
      let kendall = RankCorrelation(first, second).kendall
      #expect((kendall == nil) == (expected == nil))
      #expect(isClose([kendall ?? 0], [expected ?? 0], within: 1e-14))
    }
  }

  @Test func `two lists are compared by the alternatives that both have`() throws {
    let first = try ScoredList(
      label: "one", alternatives: ["a", "b", "c", "x"], scores: [9, 8, 7, 100], higherIsBetter: true)
    let second = try ScoredList(
      label: "two", alternatives: ["c", "b", "a", "y"], scores: [1, 2, 3, 0], higherIsBetter: false)
    let comparison = RankingComparison(first, second)
    #expect(comparison.commonCount == 3)
    #expect(comparison.correlation.kendall == -1)
    #expect(comparison.furthest == "a" && comparison.largestShift == 2)
    let apart = try ScoredList(label: "three", alternatives: ["z"], scores: [1], higherIsBetter: true)
    let nothing = RankingComparison(first, apart)
    #expect(nothing.commonCount == 0 && nothing.furthest.isEmpty && nothing.correlation.spearman == nil)
  }
}
