package import Kernel

/// One firm of a sample.
package struct MonitoringRow: Sendable, Hashable {
  package var points: Int64
  package var outcome: Outcome?
  package var region: String
  package var size: String
  package init(points: Int64, outcome: Outcome?, region: String, size: String) {
    self.points = points
    self.outcome = outcome
    self.region = region
    self.size = size
  }
}

/// How a scorecard does on a sample: separation, stability, order of the grades, fairness.
package struct MonitoringReport: Sendable, Hashable {
  package struct Grade: Sendable, Hashable {
    package var grade: String
    package var count: Int64
    package var goods: Int64
    package var bads: Int64
    package var sharePPM: Int64
    package var expectedSharePPM: Int64?
    package var badRatePPM: Int64? { PPM.share(bads, of: goods + bads) }
  }

  /// Two neighbouring grades of known outcome, the better one with the higher bad rate.
  package struct Inversion: Sendable, Hashable {
    package var better: String
    package var worse: String
  }

  package var count: Int64
  package var separation: Separation
  package var psiMicro: Int64?
  package var grades: [Grade]
  package var inversions: [Inversion]
  package var groups: [GroupFigures]
  package var notes: [String]

  /// - Parameter approvalGrade: the worst grade that counts as approved.
  /// - Throws: `INVALID_ARGUMENT` when the scorecard does not give that grade.
  package init(
    _ rows: [MonitoringRow], of card: Scorecard, approvalGrade: String
  ) throws(DomainError) {
    guard let approval = card.grades.firstIndex(where: { $0.grade == approvalGrade }) else {
      throw .invalid(
        "approval_grade",
        "one of \(card.grades.map(\.grade).joined(separator: ", ")) is needed, not "
          + "\"\(approvalGrade)\"")
    }
    count = Int64(rows.count)
    separation = Separation(
      rows.compactMap { row in row.outcome.map { (points: row.points, outcome: $0) } })
    let places = rows.map { card.gradeIndex(of: $0.points) }
    grades = Self.grades(rows, places, card)
    inversions = Self.inversions(grades)
    let expected = card.grades.map { $0.goods + $0.bads }
    psiMicro = Stability.indexMicro(expected: expected, actual: grades.map(\.count))
    let approved = places.map { $0 <= approval }
    groups =
      Fairness.figures("region", rows, approved) { $0.region }
      + Fairness.figures("size", rows, approved) { $0.size }
    notes = []
    if separation.aucPPM == nil {
      notes.append("AUC and KS need good and bad outcomes: \(separation.goods) good, \(separation.bads) bad")
    }
    if expected.allSatisfy({ $0 == 0 }) {
      notes.append("PSI needs the development sample's counts, which this scorecard does not have")
    } else if rows.isEmpty {
      notes.append("PSI needs at least one firm")
    }
  }

  private static func grades(_ rows: [MonitoringRow], _ places: [Int], _ card: Scorecard) -> [Grade] {
    var grades = card.grades.map {
      Grade(grade: $0.grade, count: 0, goods: 0, bads: 0, sharePPM: 0, expectedSharePPM: nil)
    }
    for (row, place) in zip(rows, places) {
      grades[place].count += 1
      switch row.outcome {
      case .good: grades[place].goods += 1
      case .bad: grades[place].bads += 1
      case nil: break
      }
    }
    let expectedTotal = card.grades.reduce(0) { $0 + $1.goods + $1.bads }
    for index in grades.indices {
      grades[index].sharePPM = PPM.share(grades[index].count, of: Int64(rows.count)) ?? 0
      grades[index].expectedSharePPM = PPM.share(card.grades[index].goods + card.grades[index].bads, of: expectedTotal)
    }
    return grades
  }

  /// Compared as fractions, without rounding.
  static func inversions(_ grades: [Grade]) -> [Inversion] {
    let known = grades.filter { $0.goods + $0.bads > 0 }
    return zip(known, known.dropFirst()).compactMap { better, worse in
      let left = Int128(better.bads) * Int128(worse.goods + worse.bads)
      let right = Int128(worse.bads) * Int128(better.goods + better.bads)
      return left > right ? Inversion(better: better.grade, worse: worse.grade) : nil
    }
  }
}

/// Approval and bad rates by group. A ratio is against the dimension's largest group (of equals the first by name), and
/// the counts stand beside it: a ratio of few firms says little.
enum Fairness {
  static func figures(
    _ dimension: String, _ rows: [MonitoringRow], _ approved: [Bool], group: (MonitoringRow) -> String
  ) -> [GroupFigures] {
    var figures: [String: GroupFigures] = [:]
    for (row, isApproved) in zip(rows, approved) {
      let name = group(row)
      var entry = figures[name] ?? GroupFigures(dimension: dimension, group: name)
      entry.count += 1
      if isApproved { entry.approved += 1 }
      switch row.outcome {
      case .good:
        entry.goods += 1
        if isApproved { entry.approvedGoods += 1 }
      case .bad:
        entry.bads += 1
        if isApproved { entry.approvedBads += 1 }
      case nil: break
      }
      figures[name] = entry
    }
    var sorted = figures.values.sorted { $0.group < $1.group }
    guard let reference = sorted.max(by: { ($0.count, $1.group) < ($1.count, $0.group) }) else { return [] }
    for index in sorted.indices {
      let (mine, theirs) = (sorted[index], reference)
      sorted[index].approvalRatioPPM = PPM.ratio(
        Int128(mine.approved) * Int128(theirs.count), Int128(mine.count) * Int128(theirs.approved))
    }
    return sorted
  }
}
