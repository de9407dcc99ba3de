package import Kernel

/// Grade of a bank by its score (商业银行小微企业金融服务监管评价办法（试行）).
package enum EvaluationGrade {
  /// Scores are counted in ppm of a point, so that 89.5 points keeps its half.
  package static let pointScale: Int64 = 1_000_000

  /// 1 (best) to 4. A regular score below its floor is grade 4 whatever the bonus.
  /// - Parameters:
  ///   - regular: regular score in millionths of a point.
  ///   - bonus: bonus score in millionths of a point.
  /// - Throws: `LIMIT_EXCEEDED` when the total lies outside the stated range (a score is never clamped);
  ///   `POLICY_NOT_STATED`; `AMOUNT_OVERFLOW`.
  package static func grade(
    regular: Int64, bonus: Int64, with reading: inout PolicyReading
  ) throws(DomainError) -> Int64 {
    let (total, overflow) = regular.addingReportingOverflow(bonus)
    if overflow { throw .amountOverflow("\(regular) + \(bonus)") }
    let (low, high) = try (
      reading("evaluation.score.floor", as: .integer), reading("evaluation.score.cap", as: .integer)
    )
    guard low.admits(total, fractions: pointScale), high.admits(total, fractions: pointScale) else {
      throw DomainError(
        .limitExceeded, "a total of \(total) millionths lies outside \(low.value) to \(high.value) points",
        field: "total", metadata: ["rule": low.citation.ruleID])
    }
    let bands = try reading("evaluation.grades", as: .bands)
    let floor = try reading("evaluation.regular_score.floor", as: .integer)
    let worst = bands.value.bands.compactMap { if case .integer(let grade) = $0.value { grade } else { nil } }.max()
    if let worst, !floor.admits(regular, fractions: pointScale) { return worst }
    let band = bands.value.bands.first { $0.range.contains(total, fractions: pointScale) }
    guard case .integer(let grade) = band?.value else {
      throw DomainError(.internal, "rule \(bands.citation.ruleID) gives no grade for \(total)")
    }
    return grade
  }
}

extension PolicyValue where Value == Int64 {
  /// As `admits(_:)` for a candidate counted in fractions of the threshold's unit.
  fileprivate func admits(_ candidate: Int64, fractions scale: Int64) -> Bool {
    let (given, threshold) = (Int128(candidate), Int128(value) * Int128(scale))
    return switch direction {
    case nil: true
    case .atMost: inclusive ? given <= threshold : given < threshold
    case .atLeast: inclusive ? given >= threshold : given > threshold
    }
  }
}

extension PolicyRange {
  /// As `contains(_:)` for a value counted in fractions of the edges' unit.
  fileprivate func contains(_ value: Int64, fractions scale: Int64) -> Bool {
    let given = Int128(value)
    if let lower {
      let edge = Int128(lower.value) * Int128(scale)
      if lower.inclusive ? given < edge : given <= edge { return false }
    }
    if let upper {
      let edge = Int128(upper.value) * Int128(scale)
      if upper.inclusive ? given > edge : given >= edge { return false }
    }
    return true
  }
}
