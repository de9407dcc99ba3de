import EvaluationDomain
import Foundation
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Evaluation_V1_Scheme {
  init(_ stored: StoredScheme) {
    let scheme = stored.scheme
    self.init()
    name = "schemes/\(scheme.id)"
    version = Int32(scheme.version)
    titleZh = scheme.titleZH
    titleEn = scheme.titleEN
    nodes = scheme.nodes.map(Huirong_Evaluation_V1_SchemeNode.init)
    bonuses = scheme.bonuses.map(Huirong_Evaluation_V1_Bonus.init)
    gates = scheme.gates.map(Huirong_Evaluation_V1_Gate.init)
    if let cap = scheme.bonusCap { bonusCapMicroPoints = cap }
    if let floor = scheme.totalFloor { totalFloorMicroPoints = floor }
    if let cap = scheme.totalCap { totalCapMicroPoints = cap }
    if let minimum = scheme.regularMinimum { regularMinimumMicroPoints = minimum }
    grades = scheme.grades.map { band in
      var proto = Huirong_Evaluation_V1_GradeBand()
      proto.grade = band.grade
      if let bound = band.lowerBound { proto.lowerBoundMicroPoints = bound }
      proto.inclusive = band.inclusive
      return proto
    }
    tableScope = scheme.tableScope == .whole ? .whole : .peerGroup
    switch scheme.tieRule {
    case .standard: tieRule = .standard
    case .dense: tieRule = .dense
    case .tieBreakers(let ids):
      tieRule = .tieBreakers
      tieBreakerIds = ids
    }
    decimals = Int32(scheme.decimals)
    excludeFirstYear = scheme.excludeFirstYear
    regionPrefixes = scheme.regionPrefixes
    types = scheme.types
    if let rule = scheme.citation { citation = Huirong_Common_V1_Citation(rule) }
    digest = Data(Hexadecimal.bytes(stored.digest))
    createTime = Google_Protobuf_Timestamp(scheme.createTime)
    state = stored.adoption.isAdopted ? .adopted : .draft
    creator = stored.adoption.creator
    adopter = stored.adoption.adopter
    if let time = stored.adoption.adoptTime { adoptTime = Google_Protobuf_Timestamp(time) }
  }
}

enum Hexadecimal {
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The bytes of an even number of lower-case hexadecimal digits; stores keep digests as text.
  static func bytes(_ text: String) -> [UInt8] {
    let digits = text.utf8.map { $0 < 58 ? $0 &- 48 : $0 &- 87 }
    return stride(from: 0, to: digits.count - digits.count % 2, by: 2).map { digits[$0] << 4 | digits[$0 + 1] & 15 }
  }
}

extension Huirong_Common_V1_Citation {
  init(_ citation: RuleCitation) {
    self.init()
    ruleID = citation.ruleID
    document = citation.document
    article = citation.article
    quote = citation.quote
  }
}

extension MissingPolicy {
  var proto: Huirong_Evaluation_V1_MissingPolicy {
    switch self {
    case .zeroPoints: .zeroPoints
    case .outsideTable: .outsideTable
    case .refuseRun: .refuseRun
    }
  }
}

extension Huirong_Evaluation_V1_SchemeNode {
  init(_ node: SchemeNode) {
    self.init()
    id = node.id
    titleZh = node.titleZH
    titleEn = node.titleEN
    weightPpm = node.weightPPM
    if let rule = node.citation { citation = Huirong_Common_V1_Citation(rule) }
    switch node.content {
    case .dimension(let nodes): children = nodes.map(Huirong_Evaluation_V1_SchemeNode.init)
    case .leaf(let indicator, let rule, let policy):
      indicatorID = indicator ?? ""
      function = Huirong_Evaluation_V1_ScoringFunction(rule)
      missing = policy?.proto ?? .unspecified
    }
  }
}

extension Huirong_Evaluation_V1_Bonus {
  init(_ bonus: Bonus) {
    self.init()
    id = bonus.id
    titleZh = bonus.titleZH
    titleEn = bonus.titleEN
    indicatorID = bonus.indicatorID
    function = Huirong_Evaluation_V1_ScoringFunction(bonus.function)
    capMicroPoints = bonus.cap
    missing = bonus.missing.proto
    if let rule = bonus.citation { citation = Huirong_Common_V1_Citation(rule) }
  }
}

extension Huirong_Evaluation_V1_Gate {
  init(_ gate: Gate) {
    self.init()
    id = gate.id
    titleZh = gate.titleZH
    titleEn = gate.titleEN
    indicatorID = gate.indicatorID
    switch gate.comparison {
    case .less: comparison = .less
    case .lessOrEqual: comparison = .lessOrEqual
    case .greater: comparison = .greater
    case .greaterOrEqual: comparison = .greaterOrEqual
    }
    bound = gate.bound
    switch gate.effect {
    case .zeroNode(let path):
      effect = .zeroNode
      nodePath = path
    case .worstGrade: effect = .worstGrade
    case .outsideTable: effect = .outsideTable
    }
    if let rule = gate.citation { citation = Huirong_Common_V1_Citation(rule) }
  }
}

extension Huirong_Evaluation_V1_ScoringFunction {
  init(_ function: ScoringFunction) {
    self.init()
    switch function {
    case .attainment(let rule):
      switch rule.target {
      case .fixed(let target): attainment.target = target
      case .indicator(let id): attainment.targetIndicatorID = id
      }
      attainment.thresholdPpm = rule.thresholdPPM
      if let cap = rule.cap { attainment.capMicroPoints = cap }
      if let floor = rule.floor { attainment.floorMicroPoints = floor }
    case .ratioToLeader: ratioToLeader = .init()
    case .rankSteps(let rule):
      rankSteps.stepMicroPoints = rule.step
      rankSteps.floorMicroPoints = rule.floor
      rankSteps.incrementIndicatorID = rule.incrementID ?? ""
    case .peerMeanGate: peerMeanGate = .init()
    case .tieredBands(let tiers):
      tieredBands.tiers = tiers.map { tier in
        var proto = Huirong_Evaluation_V1_Tier()
        if let bound = tier.lowerBound { proto.lowerBound = bound }
        proto.inclusive = tier.inclusive
        proto.microPoints = tier.points
        return proto
      }
    case .perEvent(let rule):
      perEvent.baseMicroPoints = rule.base
      perEvent.perEventMicroPoints = rule.perEvent
      if let floor = rule.floor { perEvent.floorMicroPoints = floor }
      if let cap = rule.cap { perEvent.capMicroPoints = cap }
    case .minMax: minMax = .init()
    case .zScore(let rule):
      zScore.centerMicroPoints = rule.center
      zScore.perSigmaMicroPoints = rule.perSigma
      if let floor = rule.floor { zScore.floorMicroPoints = floor }
      if let cap = rule.cap { zScore.capMicroPoints = cap }
    case .percentile: percentile = .init()
    case .composite(let parts):
      composite.parts = parts.map { part in
        var proto = Huirong_Evaluation_V1_CompositePart()
        proto.indicatorID = part.indicatorID
        proto.weightPpm = part.weightPPM
        proto.function = Huirong_Evaluation_V1_ScoringFunction(part.function)
        proto.missing = part.missing.proto
        return proto
      }
    }
  }
}
