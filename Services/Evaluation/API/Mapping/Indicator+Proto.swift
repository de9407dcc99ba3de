import EvaluationDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension IndicatorUnit {
  /// - Parameter field: path of the message that holds `unit` and `currency_code`.
  init(_ unit: Huirong_Evaluation_V1_Unit, currency: String, field: String) throws(DomainError) {
    try Require.value(unit, "\(field).unit")
    if unit == .money {
      self = .money(try Currency(currency, field: "\(field).currency_code"))
      return
    }
    if !currency.isEmpty { throw .invalid("\(field).currency_code", "only money has a currency") }
    switch unit {
    case .count: self = .count
    case .ppm: self = .ppm
    case .days: self = .days
    default: self = .microPoints
    }
  }

  var proto: Huirong_Evaluation_V1_Unit {
    switch self {
    case .money: .money
    case .count: .count
    case .ppm: .ppm
    case .days: .days
    case .microPoints: .microPoints
    }
  }

  var currencyCode: String {
    if case .money(let currency) = self { currency.code } else { "" }
  }
}

extension Indicator {
  init(_ proto: Huirong_Evaluation_V1_Indicator, field: String, now: Instant) throws(DomainError) {
    if proto.hasCreateTime { throw .invalid("\(field).create_time", "output only") }
    if proto.version != 0 { throw .invalid("\(field).version", "output only") }
    try Require.value(proto.direction, "\(field).direction")
    try Require.value(proto.source, "\(field).source")
    try Require.value(proto.aggregation, "\(field).aggregation")
    let aggregation: Aggregation
    switch proto.aggregation {
    case .sum: aggregation = .sum
    case .last: aggregation = .last
    default: aggregation = .none
    }
    self.init(
      id: try ResourceName.id(of: proto.name, in: "indicators", field: "\(field).name"), titleZH: proto.titleZh,
      titleEN: proto.titleEn, unit: try IndicatorUnit(proto.unit, currency: proto.currencyCode, field: field),
      direction: proto.direction == .higherIsBetter ? .higherIsBetter : .lowerIsBetter,
      source: try IndicatorSource(proto, field: field), aggregation: aggregation, absentIsZero: proto.absentIsZero,
      basis: proto.basis, concept: proto.concept.isEmpty ? nil : proto.concept,
      rules: proto.hasRules ? try SubmissionRules(proto.rules, field: "\(field).rules") : nil, createTime: now)
  }
}

extension IndicatorSource {
  init(_ proto: Huirong_Evaluation_V1_Indicator, field: String) throws(DomainError) {
    if proto.source != .derived, proto.hasDerivation {
      throw .invalid("\(field).derivation", "only derived indicators have one")
    }
    switch proto.source {
    case .submitted: self = .submitted
    case .feed: throw .invalid("\(field).source", "the service adds the indicators that it counts by itself")
    default:
      guard let kind = proto.derivation.kind else {
        throw DomainError(
          .requiredFieldMissing, "a derived indicator says how it is computed", field: "\(field).derivation")
      }
      switch kind {
      case .ratio(let ratio): self = .derived(.ratio(numerator: ratio.numeratorID, denominator: ratio.denominatorID))
      case .increment(let rule):
        self = .derived(.increment(base: rule.baseID, windowYears: Int(rule.windowYears)))
      case .growth(let rule): self = .derived(.growth(base: rule.baseID, windowYears: Int(rule.windowYears)))
      }
    }
  }
}

extension Huirong_Evaluation_V1_Indicator {
  init(_ indicator: Indicator) {
    self.init()
    name = "indicators/\(indicator.id)"
    titleZh = indicator.titleZH
    titleEn = indicator.titleEN
    unit = indicator.unit.proto
    currencyCode = indicator.unit.currencyCode
    direction = indicator.direction == .higherIsBetter ? .higherIsBetter : .lowerIsBetter
    absentIsZero = indicator.absentIsZero
    basis = indicator.basis
    createTime = Google_Protobuf_Timestamp(indicator.createTime)
    concept = indicator.concept ?? ""
    if let stated = indicator.rules { rules = Huirong_Evaluation_V1_SubmissionRules(stated) }
    version = Int32(clamping: indicator.version)
    switch indicator.aggregation {
    case .none: aggregation = .none
    case .sum: aggregation = .sum
    case .last: aggregation = .last
    }
    switch indicator.source {
    case .submitted: source = .submitted
    case .feed: source = .feed
    case .derived(let rule):
      source = .derived
      derivation = Huirong_Evaluation_V1_Derivation(rule)
    }
  }
}

extension Huirong_Evaluation_V1_Derivation {
  init(_ rule: Derivation) {
    self.init()
    switch rule {
    case .ratio(let numerator, let denominator):
      ratio.numeratorID = numerator
      ratio.denominatorID = denominator
    case .increment(let base, let years):
      increment.baseID = base
      increment.windowYears = Int32(years)
    case .growth(let base, let years):
      growth.baseID = base
      growth.windowYears = Int32(years)
    }
  }
}

extension SubmissionRules {
  init(_ proto: Huirong_Evaluation_V1_SubmissionRules, field: String) throws(DomainError) {
    try Require.known(proto.frequency, "\(field).frequency")
    let frequency: Frequency?
    switch proto.frequency {
    case .monthly: frequency = .monthly
    case .quarterly: frequency = .quarterly
    case .halfYearly: frequency = .halfYearly
    case .yearly: frequency = .yearly
    default: frequency = nil
    }
    self.init(
      frequency: frequency, dueDays: proto.hasDueDays ? Int(proto.dueDays) : nil,
      minimum: proto.hasMinimum ? proto.minimum : nil, maximum: proto.hasMaximum ? proto.maximum : nil,
      confirmFrom: proto.hasConfirmFrom ? proto.confirmFrom : nil)
  }
}

extension Huirong_Evaluation_V1_SubmissionRules {
  init(_ rules: SubmissionRules) {
    self.init()
    switch rules.frequency {
    case .monthly: frequency = .monthly
    case .quarterly: frequency = .quarterly
    case .halfYearly: frequency = .halfYearly
    case .yearly: frequency = .yearly
    case nil: break
    }
    if let days = rules.dueDays { dueDays = Int32(clamping: days) }
    if let value = rules.minimum { minimum = value }
    if let value = rules.maximum { maximum = value }
    if let value = rules.confirmFrom { confirmFrom = value }
  }
}

extension Huirong_Evaluation_V1_BasisClash {
  init(_ clash: BasisClash) {
    self.init()
    concept = clash.concept
    indicators = clash.indicators.map(Huirong_Evaluation_V1_Indicator.init)
    differences = clash.differences
    comparedCount = Int64(clash.compared)
    divergentCount = Int64(clash.divergent)
    divergences = clash.divergences.map { divergence in
      var proto = Huirong_Evaluation_V1_BasisDivergence()
      proto.institutionID = divergence.institutionID
      proto.period = divergence.period.description
      proto.values = divergence.values
      return proto
    }
  }
}
