/// What a judgement says of debts and demands other than the one that is judged.
extension RuleResult {
  package static let affiliateDemands = "affiliate_demands"

  /// Inputs that tell of them.
  private static let telling: Set<String> = [
    "standing_contracts", "firm_total", "together", "similar_demands", affiliateDemands,
  ]

  /// Whether demands of the firm's affiliates count in it.
  package var countsAffiliates: Bool {
    inputs.contains { $0.name == Self.affiliateDemands && $0.value != "0" }
  }

  /// The answer without them: neither their sums nor their names, nor the room that they leave.
  package func withoutOtherDebts() -> RuleResult {
    guard inputs.contains(where: { Self.telling.contains($0.name) }) else { return self }
    var result = self
    result.inputs.removeAll { Self.telling.contains($0.name) }
    result.explanation = outcome == .pass ? "单户合计未超过上限。" : "单户合计按规定评判，详情由主管部门掌握。"
    result.remedies = remedies.compactMap { remedy in
      switch remedy.field {
      case "demand.similar": nil
      case "demand.amount": Remedy(field: remedy.field, from: remedy.from, to: "", explanation: "降低申请金额。")
      default: remedy
      }
    }
    return result
  }
}

extension LogEntry {
  /// Whether everybody but an institution sees the same of it, if anything.
  package var isAlikeForAll: Bool {
    guard case .demand(let event, _, let after) = content else { return true }
    if case .assessed(let assessment, _) = event, assessment.rules.contains(where: \.countsAffiliates) { return false }
    // Of the firm itself, at a place that everybody sees who sees the demand.
    return after.handling.similar.allSatisfy {
      $0.enterprise == after.enterprise && $0.region?.text.hasPrefix(after.region.text) == true
    }
  }
}
