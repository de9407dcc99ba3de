import EvaluationRatings
import Kernel
import Protos
import RPCEdge

extension MonitoredRatings {
  init(
    _ message: Huirong_Evaluation_V1_MonitorScorecardRequest, scorecardID: String, regionPrefix: String
  ) throws(DomainError) {
    let from = message.hasFromDate ? try BusinessDate(message.fromDate, field: "from_date") : nil
    let to = message.hasToDate ? try BusinessDate(message.toDate, field: "to_date") : nil
    if let from, let to, to < from { throw .invalid("to_date", "\(to) is before from_date, \(from)") }
    self.init(
      scorecardID: scorecardID, version: Int(message.version), from: from, to: to, regionPrefix: regionPrefix)
  }
}

extension MonitoringRow {
  /// The rows of a request that brings its own sample.
  static func sample(_ message: Huirong_Evaluation_V1_MonitorScorecardRequest) throws(DomainError) -> [MonitoringRow] {
    if message.hasFromDate { throw .invalid("from_date", "a sample has no dates") }
    if message.hasToDate { throw .invalid("to_date", "a sample has no dates") }
    var rows: [MonitoringRow] = []
    rows.reserveCapacity(message.sample.count)
    for (index, row) in message.sample.enumerated() {
      try Require.known(row.outcome, "sample[\(index)].outcome")
      try Require.known(row.sizeBand, "sample[\(index)].size_band")
      if !row.regionCode.isEmpty { try RatedFirm.checkRegion(row.regionCode, "sample[\(index)].region_code") }
      rows.append(
        MonitoringRow(
          points: row.totalPoints, outcome: Outcome(row.outcome), region: row.regionCode,
          size: RatedFirm.Size(row.sizeBand)?.rawValue ?? ""))
    }
    return rows
  }
}

extension Outcome {
  init?(_ outcome: Huirong_Evaluation_V1_RatingOutcome) {
    switch outcome {
    case .good: self = .good
    case .bad: self = .bad
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }
}

extension Huirong_Evaluation_V1_MonitoringReport {
  init(_ report: MonitoringReport, of card: Scorecard) {
    self.init()
    scorecard = "scorecards/\(card.id)"
    version = Int32(clamping: card.version)
    count = report.count
    goods = report.separation.goods
    bads = report.separation.bads
    if let auc = report.separation.aucPPM { aucPpm = auc }
    if let ks = report.separation.ksPPM { ksPpm = ks }
    if let psi = report.psiMicro { psiMicro = psi }
    grades = report.grades.map { grade in
      var proto = Huirong_Evaluation_V1_GradeFigures()
      proto.grade = grade.grade
      proto.count = grade.count
      proto.goods = grade.goods
      proto.bads = grade.bads
      if let rate = grade.badRatePPM { proto.badRatePpm = rate }
      proto.sharePpm = grade.sharePPM
      if let share = grade.expectedSharePPM { proto.expectedSharePpm = share }
      return proto
    }
    inversions = report.inversions.map { inversion in
      var proto = Huirong_Evaluation_V1_GradeInversion()
      proto.better = inversion.better
      proto.worse = inversion.worse
      return proto
    }
    groups = report.groups.map(Huirong_Evaluation_V1_GroupFigures.init)
    notes = report.notes
  }
}
