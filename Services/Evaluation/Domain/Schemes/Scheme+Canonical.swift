/// The one text of a scheme that its digest covers: every field that can change a result, in a fixed order, one element
/// a line. Titles are left out, so that a corrected translation does not make another scheme.
extension Scheme {
  package var canonicalText: String {
    var lines = ["huirong-evaluation-scheme/1", "id \(id)"]
    func visit(_ node: SchemeNode, _ parent: String) {
      let path = parent.isEmpty ? node.id : "\(parent)/\(node.id)"
      switch node.content {
      case .dimension(let children):
        lines.append("dimension \(path) \(node.weightPPM)")
        for child in children { visit(child, path) }
      case .leaf(let indicatorID, let function, let missing):
        lines.append(
          "leaf \(path) \(node.weightPPM) \(indicatorID ?? "-") \(function.canonical) \(missing?.rawValue ?? "-")")
      }
    }
    for node in nodes { visit(node, "") }
    for bonus in bonuses {
      lines.append(
        "bonus \(bonus.id) \(bonus.indicatorID) \(bonus.function.canonical) cap=\(bonus.cap) \(bonus.missing.rawValue)")
    }
    lines.append("bonus-cap \(Self.text(bonusCap))")
    lines.append("total \(Self.text(totalFloor)) \(Self.text(totalCap))")
    for gate in gates {
      lines.append(
        "gate \(gate.id) \(gate.indicatorID) \(gate.comparison.rawValue) \(gate.bound) \(gate.effect.canonical)")
    }
    for band in grades {
      lines.append("grade \(Self.text(band.lowerBound)) \(band.inclusive) \(band.grade)")
    }
    lines.append("regular-minimum \(Self.text(regularMinimum))")
    lines.append("scope \(tableScope.rawValue)")
    lines.append("ties \(tieRule.canonical)")
    lines.append("decimals \(decimals)")
    lines.append("exclude-first-year \(excludeFirstYear)")
    lines.append("regions \(regionPrefixes.joined(separator: ","))")
    lines.append("types \(types.joined(separator: ","))")
    return lines.joined(separator: "\n") + "\n"
  }

  static func text(_ value: Int64?) -> String { value.map(String.init) ?? "-" }
}

extension ScoringFunction {
  package var canonical: String {
    let text = Scheme.text
    return switch self {
    case .attainment(let rule):
      "attainment(\(rule.target.canonical),\(rule.thresholdPPM),\(text(rule.floor)),\(text(rule.cap)))"
    case .ratioToLeader: "ratio-to-leader"
    case .rankSteps(let rule): "rank-steps(\(rule.step),\(rule.floor),\(rule.incrementID ?? "-"))"
    case .peerMeanGate: "peer-mean-gate"
    case .tieredBands(let tiers):
      "tiers(" + tiers.map { "\(text($0.lowerBound)):\($0.inclusive):\($0.points)" }.joined(separator: ",") + ")"
    case .perEvent(let rule): "per-event(\(rule.base),\(rule.perEvent),\(text(rule.floor)),\(text(rule.cap)))"
    case .minMax: "min-max"
    case .zScore(let rule): "z-score(\(rule.center),\(rule.perSigma),\(text(rule.floor)),\(text(rule.cap)))"
    case .percentile: "percentile"
    case .composite(let parts):
      "composite("
        + parts.map { "\($0.weightPPM):\($0.indicatorID):\($0.function.canonical):\($0.missing.rawValue)" }
        .joined(separator: ",") + ")"
    }
  }
}

extension ScoringFunction.Attainment.Target {
  package var canonical: String {
    switch self {
    case .fixed(let value): "\(value)"
    case .indicator(let id): id
    }
  }
}

extension Gate.Effect {
  package var canonical: String {
    switch self {
    case .zeroNode(let path): "zero-node(\(path))"
    case .worstGrade: "worst-grade"
    case .outsideTable: "outside-table"
    }
  }
}

extension TieRule {
  package var canonical: String {
    switch self {
    case .standard: "standard"
    case .dense: "dense"
    case .tieBreakers(let ids): "tie-breakers(\(ids.joined(separator: ",")))"
    }
  }
}
