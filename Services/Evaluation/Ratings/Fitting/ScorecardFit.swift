import Foundation
package import Kernel

/// From a plan and a sample to a scorecard: bins, weights of evidence, a logistic model, points, figures.
///
/// Each step reads the rounded numbers of the step before, those that the scorecard shows: the points can be recomputed
/// from the printed coefficients and weights of evidence.
package enum ScorecardFit {
  /// - Throws: `DATA_REFUSED` or `SCHEME_INVALID`.
  package static func fit(_ plan: ScorecardPlan, _ rows: [FitRow]) throws(DomainError) -> Scorecard {
    let development = select(plan.development, rows)
    let outcomes = development.map { $0.outcome == .good }
    let goods = Int64(outcomes.count { $0 })
    guard goods > 0, Int64(outcomes.count) > goods else {
      throw DomainError(.dataRefused, "the development sample needs firms of both outcomes")
    }
    var characteristics: [Characteristic] = []
    var columns: [[Double]] = []
    for planned in plan.characteristics {
      let binned = try bin(planned, development)
      characteristics.append(binned.characteristic)
      columns.append(binned.woe)
    }
    let beta = try LogisticRegression.fit(
      development.indices.map { row in columns.map { $0[row] } }, outcomes)
    var scorecard = try assemble(plan, characteristics, beta)
    count(development, into: &scorecard.grades, by: try totals(scorecard, development), scorecard)
    scorecard.card = try card(plan, scorecard, rows)
    try ScorecardValidation.validate(scorecard)
    return scorecard
  }

  /// Rows of a period with a known outcome.
  private static func select(_ sample: ScorecardPlan.Sample, _ rows: [FitRow]) -> [FitRow] {
    rows.filter { $0.outcome != nil && $0.period >= sample.from && $0.period <= sample.to }
  }

  private static func bin(
    _ planned: ScorecardPlan.Planned, _ rows: [FitRow]
  ) throws(DomainError) -> (characteristic: Characteristic, woe: [Double]) {
    var values: [RatingValue] = []
    for row in rows { values.append(try row.value(planned.id)) }
    var bins = try Binner.bins(planned, values)
    let empty = Characteristic(
      id: planned.id, titleZH: planned.titleZH, titleEN: planned.titleEN, unit: planned.unit, bins: bins,
      order: planned.order, source: planned.source)
    var places: [Int] = []
    for (row, value) in zip(rows, values) {
      guard let place = empty.binIndex(of: value) else {
        throw DomainError(.dataRefused, "no bin takes \(value)", field: planned.id)
      }
      places.append(place)
      if row.outcome == .good { bins[place].goods += 1 } else { bins[place].bads += 1 }
    }
    // A bin that is held at 0 stays out of the totals: the others are weighed against the firms that they cover.
    let weighed = bins.filter { !(planned.missingIsNeutral && $0.cover == .missing) }
    let (goods, bads) = (weighed.reduce(0) { $0 + $1.goods }, weighed.reduce(0) { $0 + $1.bads })
    for index in bins.indices {
      let isHeld = planned.missingIsNeutral && bins[index].cover == .missing
      bins[index].woeMicro =
        isHeld
        ? 0
        : WeightOfEvidence.micro(goods: bins[index].goods, bads: bins[index].bads, allGoods: goods, allBads: bads)
    }
    var characteristic = empty
    characteristic.bins = bins
    characteristic.informationValueMicro = WeightOfEvidence.informationValueMicro(weighed.map { ($0.goods, $0.bads) })
    return (characteristic, places.map { Double(bins[$0].woeMicro ?? 0) / 1_000_000 })
  }

  private static func assemble(
    _ plan: ScorecardPlan, _ characteristics: [Characteristic], _ beta: [Double]
  ) throws(DomainError) -> Scorecard {
    guard plan.scaling.baseOdds > 0, plan.scaling.pointsToDoubleOdds > 0 else {
      throw DomainError(.schemeInvalid, "odds and points to double them are more than 0", field: "scaling")
    }
    let factor = Double(plan.scaling.pointsToDoubleOdds) / log(2)
    var fitted = characteristics
    for index in fitted.indices {
      let coefficient = try micro(beta[index + 1])
      guard coefficient > 0 else {
        throw DomainError(
          .dataRefused,
          "the coefficient of \(fitted[index].id) is \(beta[index + 1]): beside the others it would count "
            + "against its own evidence; leave it out", field: fitted[index].id)
      }
      fitted[index].coefficientMicro = coefficient
      for bin in fitted[index].bins.indices {
        let woe = fitted[index].bins[bin].woeMicro ?? 0
        fitted[index].bins[bin].points = try whole(
          factor * (Double(coefficient) / 1_000_000) * (Double(woe) / 1_000_000))
      }
    }
    var scaling = plan.scaling
    let intercept = try micro(beta[0])
    scaling.interceptMicro = intercept
    let offset = Double(scaling.basePoints) - factor * log(Double(scaling.baseOdds))
    return Scorecard(
      id: plan.id, titleZH: plan.titleZH, titleEN: plan.titleEN, purpose: plan.purpose,
      constantPoints: try whole(offset + factor * (Double(intercept) / 1_000_000)), characteristics: fitted,
      scaling: scaling, grades: plan.grades.map { GradeCut(grade: $0.grade, minimum: $0.minimum) },
      platformGrades: plan.platformGrades, cutoffSource: plan.cutoffSource,
      card: ModelCard(
        data: plan.card.data, period: plan.card.period, target: plan.card.target, limits: plan.card.limits,
        fairness: plan.card.fairness))
  }

  private static func totals(_ card: Scorecard, _ rows: [FitRow]) throws(DomainError) -> [Int64] {
    var totals: [Int64] = []
    for row in rows {
      var inputs: [(id: String, value: RatingValue)] = []
      for characteristic in card.characteristics {
        inputs.append((id: characteristic.id, value: try row.value(characteristic.id)))
      }
      totals.append(try card.rate(inputs).total)
    }
    return totals
  }

  private static func count(_ rows: [FitRow], into grades: inout [GradeCut], by totals: [Int64], _ card: Scorecard) {
    for (row, total) in zip(rows, totals) {
      let place = card.gradeIndex(of: total)
      if row.outcome == .good { grades[place].goods += 1 } else { grades[place].bads += 1 }
    }
  }

  private static func card(
    _ plan: ScorecardPlan, _ scorecard: Scorecard, _ rows: [FitRow]
  ) throws(DomainError) -> ModelCard {
    var card = scorecard.card
    for (index, sample) in ([plan.development] + plan.validation).enumerated() {
      let selected = select(sample, rows)
      let totals = try totals(scorecard, selected)
      let monitored = zip(selected, totals).map { row, total in
        MonitoringRow(points: total, outcome: row.outcome, region: row.region, size: row.size)
      }
      let report = try MonitoringReport(monitored, of: scorecard, approvalGrade: plan.approvalGrade)
      guard let auc = report.separation.aucPPM, let ks = report.separation.ksPPM else {
        throw DomainError(.dataRefused, "sample \"\(sample.title)\" needs firms of both outcomes")
      }
      card.figures.append(
        SampleFigures(
          sample: sample.title, goods: report.separation.goods, bads: report.separation.bads, aucPPM: auc, ksPPM: ks,
          psiMicro: index == 0 ? nil : report.psiMicro))
      if index > 0 { card.groups = report.groups }
    }
    return card
  }

  private static func micro(_ value: Double) throws(DomainError) -> Int64 {
    guard let micro = Micro.rounded(value) else { throw DomainError(.dataRefused, "\(value) is no coefficient") }
    return micro
  }

  private static func whole(_ value: Double) throws(DomainError) -> Int64 {
    guard let points = Int64(exactly: value.rounded(.toNearestOrAwayFromZero)) else {
      throw DomainError(.dataRefused, "\(value) is no number of points")
    }
    return points
  }
}
