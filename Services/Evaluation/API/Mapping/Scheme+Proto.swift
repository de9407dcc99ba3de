import EvaluationDomain
import Foundation
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

private func broken(_ field: String, _ message: String) -> DomainError {
  DomainError(.schemeInvalid, message, field: field)
}

extension Scheme {
  /// Reads the form; what it means is the domain's to check. Field paths begin with `scheme`.
  init(_ proto: Huirong_Evaluation_V1_Scheme, now: Instant) throws(DomainError) {
    if proto.version != 0 { throw .invalid("scheme.version", "output only") }
    if !proto.digest.isEmpty { throw .invalid("scheme.digest", "output only") }
    if proto.hasCreateTime { throw .invalid("scheme.create_time", "output only") }
    if proto.state != .unspecified { throw .invalid("scheme.state", "output only") }
    if !proto.creator.isEmpty { throw .invalid("scheme.creator", "output only") }
    if !proto.adopter.isEmpty { throw .invalid("scheme.adopter", "output only") }
    if proto.hasAdoptTime { throw .invalid("scheme.adopt_time", "output only") }
    let scope: TableScope
    switch proto.tableScope {
    case .whole: scope = .whole
    case .peerGroup: scope = .peerGroup
    default: throw broken("scheme.table_scope", "say how tables are cut")
    }
    self.init(
      id: try ResourceName.id(of: proto.name, in: "schemes", field: "scheme.name"), version: 0,
      titleZH: proto.titleZh, titleEN: proto.titleEn,
      nodes: try SchemeNode.list(proto.nodes, field: "scheme.nodes", depth: 1), tableScope: scope,
      tieRule: try TieRule(proto), decimals: Int(proto.decimals), createTime: now)
    for (index, bonus) in proto.bonuses.enumerated() {
      bonuses.append(try Bonus(bonus, field: "scheme.bonuses[\(index)]"))
    }
    for (index, gate) in proto.gates.enumerated() {
      gates.append(try Gate(gate, field: "scheme.gates[\(index)]"))
    }
    bonusCap = proto.hasBonusCapMicroPoints ? proto.bonusCapMicroPoints : nil
    totalFloor = proto.hasTotalFloorMicroPoints ? proto.totalFloorMicroPoints : nil
    totalCap = proto.hasTotalCapMicroPoints ? proto.totalCapMicroPoints : nil
    regularMinimum = proto.hasRegularMinimumMicroPoints ? proto.regularMinimumMicroPoints : nil
    grades = proto.grades.map { band in
      GradeBand(
        grade: band.grade, lowerBound: band.hasLowerBoundMicroPoints ? band.lowerBoundMicroPoints : nil,
        inclusive: band.inclusive)
    }
    excludeFirstYear = proto.excludeFirstYear
    regionPrefixes = proto.regionPrefixes
    types = proto.types
    citation = proto.hasCitation ? RuleCitation(proto.citation) : nil
  }
}

extension TieRule {
  init(_ proto: Huirong_Evaluation_V1_Scheme) throws(DomainError) {
    switch proto.tieRule {
    case .standard: self = .standard
    case .dense: self = .dense
    case .tieBreakers:
      self = .tieBreakers(proto.tieBreakerIds)
      return
    default: throw broken("scheme.tie_rule", "say how equal totals are ranked")
    }
    if !proto.tieBreakerIds.isEmpty {
      throw broken("scheme.tie_breaker_ids", "tie-breakers go with TIE_RULE_TIE_BREAKERS")
    }
  }
}

extension RuleCitation {
  init(_ proto: Huirong_Common_V1_Citation) {
    self.init(ruleID: proto.ruleID, document: proto.document, article: proto.article, quote: proto.quote)
  }
}

extension MissingPolicy {
  /// `nil` when nothing was said; the domain then says where something must be.
  init?(_ proto: Huirong_Evaluation_V1_MissingPolicy, field: String) throws(DomainError) {
    switch proto {
    case .unspecified: return nil
    case .zeroPoints: self = .zeroPoints
    case .outsideTable: self = .outsideTable
    case .refuseRun: self = .refuseRun
    case .UNRECOGNIZED(let number): throw broken(field, "has no value \(number)")
    }
  }
}

extension SchemeNode {
  static func list(
    _ protos: [Huirong_Evaluation_V1_SchemeNode], field: String, depth: Int
  ) throws(DomainError) -> [SchemeNode] {
    // The domain's limit again: the form is read by recursion.
    if depth > SchemeValidation.maximumDepth {
      throw broken(field, "deeper than \(SchemeValidation.maximumDepth) levels")
    }
    var nodes: [SchemeNode] = []
    for (index, proto) in protos.enumerated() {
      nodes.append(try SchemeNode(proto, field: "\(field)[\(index)]", depth: depth))
    }
    return nodes
  }

  private init(_ proto: Huirong_Evaluation_V1_SchemeNode, field: String, depth: Int) throws(DomainError) {
    let content: Content
    if proto.children.isEmpty {
      guard proto.hasFunction else { throw broken("\(field).function", "a node has children or a scoring function") }
      content = .leaf(
        indicatorID: proto.indicatorID.isEmpty ? nil : proto.indicatorID,
        function: try ScoringFunction(proto.function, field: "\(field).function", nested: false),
        missing: try MissingPolicy(proto.missing, field: "\(field).missing"))
    } else {
      if proto.hasFunction || !proto.indicatorID.isEmpty || proto.missing != .unspecified {
        throw broken(field, "a node has either children or an indicator with its function, not both")
      }
      content = .dimension(try Self.list(proto.children, field: "\(field).children", depth: depth + 1))
    }
    self.init(
      id: proto.id, titleZH: proto.titleZh, titleEN: proto.titleEn, weightPPM: proto.weightPpm, content: content,
      citation: proto.hasCitation ? RuleCitation(proto.citation) : nil)
  }
}

extension ScoringFunction {
  init(_ proto: Huirong_Evaluation_V1_ScoringFunction, field: String, nested: Bool) throws(DomainError) {
    guard let kind = proto.kind else { throw broken(field, "names no scoring function") }
    switch kind {
    case .attainment(let rule): self = .attainment(try Attainment(rule, field: "\(field).attainment"))
    case .ratioToLeader: self = .ratioToLeader
    case .rankSteps(let rule):
      self = .rankSteps(
        RankSteps(
          step: rule.stepMicroPoints, floor: rule.floorMicroPoints,
          incrementID: rule.incrementIndicatorID.isEmpty ? nil : rule.incrementIndicatorID))
    case .peerMeanGate: self = .peerMeanGate
    case .tieredBands(let bands):
      self = .tieredBands(
        bands.tiers.map { tier in
          Tier(
            lowerBound: tier.hasLowerBound ? tier.lowerBound : nil, inclusive: tier.inclusive, points: tier.microPoints)
        })
    case .perEvent(let rule):
      self = .perEvent(
        PerEvent(
          base: rule.baseMicroPoints, perEvent: rule.perEventMicroPoints,
          floor: rule.hasFloorMicroPoints ? rule.floorMicroPoints : nil,
          cap: rule.hasCapMicroPoints ? rule.capMicroPoints : nil))
    case .minMax: self = .minMax
    case .zScore(let rule):
      self = .zScore(
        ZScore(
          center: rule.centerMicroPoints, perSigma: rule.perSigmaMicroPoints,
          floor: rule.hasFloorMicroPoints ? rule.floorMicroPoints : nil,
          cap: rule.hasCapMicroPoints ? rule.capMicroPoints : nil))
    case .percentile: self = .percentile
    case .composite(let rule):
      if nested { throw broken(field, "composites do not nest") }
      var parts: [CompositePart] = []
      for (index, part) in rule.parts.enumerated() {
        parts.append(try CompositePart(part, field: "\(field).composite.parts[\(index)]"))
      }
      self = .composite(parts)
    }
  }
}

extension ScoringFunction.Attainment {
  init(_ rule: Huirong_Evaluation_V1_AttainmentFunction, field: String) throws(DomainError) {
    if !rule.targetIndicatorID.isEmpty, rule.target != 0 {
      throw broken(field, "give either target or target_indicator_id")
    }
    self.init(
      target: rule.targetIndicatorID.isEmpty ? .fixed(rule.target) : .indicator(rule.targetIndicatorID),
      thresholdPPM: rule.thresholdPpm, cap: rule.hasCapMicroPoints ? rule.capMicroPoints : nil,
      floor: rule.hasFloorMicroPoints ? rule.floorMicroPoints : nil)
  }
}

extension ScoringFunction.CompositePart {
  init(_ proto: Huirong_Evaluation_V1_CompositePart, field: String) throws(DomainError) {
    guard let missing = try MissingPolicy(proto.missing, field: "\(field).missing") else {
      throw broken("\(field).missing", "say what to do without a value; nothing is defaulted")
    }
    self.init(
      indicatorID: proto.indicatorID, weightPPM: proto.weightPpm,
      function: try ScoringFunction(proto.function, field: "\(field).function", nested: true), missing: missing)
  }
}

extension Bonus {
  init(_ proto: Huirong_Evaluation_V1_Bonus, field: String) throws(DomainError) {
    guard let missing = try MissingPolicy(proto.missing, field: "\(field).missing") else {
      throw broken("\(field).missing", "say what to do without a value; nothing is defaulted")
    }
    self.init(
      id: proto.id, titleZH: proto.titleZh, titleEN: proto.titleEn, indicatorID: proto.indicatorID,
      function: try ScoringFunction(proto.function, field: "\(field).function", nested: true),
      cap: proto.capMicroPoints, missing: missing, citation: proto.hasCitation ? RuleCitation(proto.citation) : nil)
  }
}

extension Gate {
  init(_ proto: Huirong_Evaluation_V1_Gate, field: String) throws(DomainError) {
    let comparison: Comparison
    switch proto.comparison {
    case .less: comparison = .less
    case .lessOrEqual: comparison = .lessOrEqual
    case .greater: comparison = .greater
    case .greaterOrEqual: comparison = .greaterOrEqual
    default: throw broken("\(field).comparison", "say how the gate compares")
    }
    let effect: Effect
    switch proto.effect {
    case .zeroNode: effect = .zeroNode(path: proto.nodePath)
    case .worstGrade: effect = .worstGrade
    case .outsideTable: effect = .outsideTable
    default: throw broken("\(field).effect", "say what a tripped gate does")
    }
    if proto.effect != .zeroNode, !proto.nodePath.isEmpty {
      throw broken("\(field).node_path", "only GATE_EFFECT_ZERO_NODE has a node")
    }
    self.init(
      id: proto.id, titleZH: proto.titleZh, titleEN: proto.titleEn, indicatorID: proto.indicatorID,
      comparison: comparison, bound: proto.bound, effect: effect,
      citation: proto.hasCitation ? RuleCitation(proto.citation) : nil)
  }
}
