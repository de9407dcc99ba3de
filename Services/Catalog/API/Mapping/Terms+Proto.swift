package import CatalogDomain
package import Kernel
package import Protos
import RPCEdge

extension LocalizedText {
  init(_ proto: Huirong_Catalog_V1_LocalizedText) { self.init(zh: proto.zh, en: proto.en) }
}

extension Huirong_Catalog_V1_LocalizedText {
  init(_ text: LocalizedText) {
    self.init()
    zh = text.zh
    en = text.en
  }
}

extension AmountRange {
  init(_ proto: Huirong_Catalog_V1_AmountRange, _ field: String) throws(DomainError) {
    let min = proto.hasMin ? try Money(proto.min, field: "\(field).min") : nil
    let max = proto.hasMax ? try Money(proto.max, field: "\(field).max") : nil
    guard let currency = max?.currency ?? min?.currency else {
      throw DomainError(.requiredFieldMissing, "an amount range states min or max", field: field)
    }
    if let min, min.currency != currency {
      throw DomainError(.currencyMismatch, "min is in \(min.currency), max in \(currency)", field: "\(field).min")
    }
    self.init(
      currency: currency,
      bounds: IntegerRange(
        min: min?.minorUnits, minExclusive: proto.minExclusive, max: max?.minorUnits, maxExclusive: proto.maxExclusive))
  }
}

extension Huirong_Catalog_V1_AmountRange {
  init(_ range: AmountRange) {
    self.init()
    if let value = range.bounds.min { min = .init(Money(value, range.currency)) }
    if let value = range.bounds.max { max = .init(Money(value, range.currency)) }
    minExclusive = range.bounds.minExclusive
    maxExclusive = range.bounds.maxExclusive
  }
}

extension Tenor {
  init(_ proto: Huirong_Catalog_V1_Tenor, _ field: String) throws(DomainError) {
    switch proto.length {
    case .months(let count): self = .months(Int(count))
    case .days(let count): self = .days(Int(count))
    case nil: throw DomainError(.requiredFieldMissing, "a tenor has months or days", field: field)
    }
    try validate(field)
  }
}

extension Huirong_Catalog_V1_Tenor {
  init(_ tenor: Tenor) {
    self.init()
    switch tenor {
    case .months(let count): months = Int32(count)
    case .days(let count): days = Int32(count)
    }
  }
}

extension TenorRange {
  init(_ proto: Huirong_Catalog_V1_TenorRange, _ field: String) throws(DomainError) {
    self.init(
      min: proto.hasMin ? try Tenor(proto.min, "\(field).min") : nil,
      max: proto.hasMax ? try Tenor(proto.max, "\(field).max") : nil)
  }
}

extension Huirong_Catalog_V1_TenorRange {
  init(_ range: TenorRange) {
    self.init()
    if let tenor = range.min { min = .init(tenor) }
    if let tenor = range.max { max = .init(tenor) }
  }
}

extension InterestRate {
  init(_ proto: Huirong_Catalog_V1_InterestRate, _ field: String) throws(DomainError) {
    try Require.set(proto.hasLowest, "\(field).lowest")
    self.init(
      basis: try Reading.value(proto.basis.rawValue, as: RateBasis.self, "\(field).basis"), lowest: Rate(proto.lowest),
      highest: proto.hasHighest ? Rate(proto.highest) : nil, tiers: try RateTiers.read(proto, field),
      dayCount: proto.dayCount == .unspecified
        ? nil : try Reading.value(proto.dayCount.rawValue, as: DayCount.self, "\(field).day_count"),
      notes: proto.notes.map { LocalizedText($0) })
  }
}

extension RateTiers {
  /// `nil` without tiers.
  static func read(_ proto: Huirong_Catalog_V1_InterestRate, _ field: String) throws(DomainError) -> RateTiers? {
    if proto.tiers.isEmpty {
      if proto.tierMethod != .unspecified { throw .invalid("\(field).tier_method", "only with tiers") }
      return nil
    }
    let method = try Reading.value(proto.tierMethod.rawValue, as: TierMethod.self, "\(field).tier_method")
    var currency: Currency?
    let tiers = try Reading.each(proto.tiers, "\(field).tiers") { tier, path throws(DomainError) -> RateTier in
      try Require.set(tier.hasLowest, "\(path).lowest")
      let min = tier.hasMin ? try Money(tier.min, field: "\(path).min") : nil
      let max = tier.hasMax ? try Money(tier.max, field: "\(path).max") : nil
      for money in [min, max].compactMap(\.self) {
        if let currency, currency != money.currency {
          throw DomainError(.currencyMismatch, "tiers are in \(currency) and \(money.currency)", field: path)
        }
        currency = money.currency
      }
      return RateTier(
        bounds: IntegerRange(
          min: min?.minorUnits, minExclusive: tier.minExclusive, max: max?.minorUnits, maxExclusive: tier.maxExclusive),
        lowest: Rate(tier.lowest), highest: tier.hasHighest ? Rate(tier.highest) : nil)
    }
    return RateTiers(method: method, currency: currency ?? .cny, tiers: tiers)
  }
}

extension Huirong_Catalog_V1_InterestRate {
  init(_ rate: InterestRate) {
    self.init()
    basis = Huirong_Catalog_V1_RateBasis(rawValue: rate.basis.rawValue) ?? .unspecified
    lowest = .init(rate.lowest)
    if let bound = rate.highest { highest = .init(bound) }
    dayCount = rate.dayCount.flatMap { .init(rawValue: $0.rawValue) } ?? .unspecified
    notes = rate.notes.map { .init($0) }
    guard let list = rate.tiers else { return }
    tierMethod = .init(rawValue: list.method.rawValue) ?? .unspecified
    tiers = list.tiers.map { tier in
      var proto = Huirong_Catalog_V1_RateTier()
      if let value = tier.bounds.min { proto.min = .init(Money(value, list.currency)) }
      if let value = tier.bounds.max { proto.max = .init(Money(value, list.currency)) }
      proto.minExclusive = tier.bounds.minExclusive
      proto.maxExclusive = tier.bounds.maxExclusive
      proto.lowest = .init(tier.lowest)
      if let bound = tier.highest { proto.highest = .init(bound) }
      return proto
    }
  }
}

extension Fee {
  init(_ proto: Huirong_Catalog_V1_Fee, _ field: String) throws(DomainError) {
    let measure: FeeMeasure
    switch proto.measure {
    case .rate(let rate): measure = .rate(Rate(rate))
    case .fixed(let money): measure = .fixed(try Money(money, field: "\(field).fixed"))
    case .rateRange(let range):
      guard range.hasMin, range.hasMax else {
        throw DomainError(.requiredFieldMissing, "both bounds are required", field: "\(field).rate_range")
      }
      if range.minExclusive || range.maxExclusive {
        throw .invalid("\(field).rate_range", "the bounds of a fee are included")
      }
      measure = .range(lowest: Rate(range.min), highest: Rate(range.max))
    case .fixedRange(let range):
      guard range.hasMin, range.hasMax else {
        throw DomainError(.requiredFieldMissing, "both bounds are required", field: "\(field).fixed_range")
      }
      if range.minExclusive || range.maxExclusive {
        throw .invalid("\(field).fixed_range", "the bounds of a fee are included")
      }
      measure = .fixedRange(
        lowest: try Money(range.min, field: "\(field).fixed_range.min"),
        highest: try Money(range.max, field: "\(field).fixed_range.max"))
    case .unstated(let isUnstated):
      guard isUnstated else { throw .invalid("\(field).unstated", "true, or another measure") }
      measure = .unstated
    case nil: throw DomainError(.requiredFieldMissing, "rate, fixed or rate_range is required", field: "\(field).rate")
    }
    self.init(
      kind: try Reading.value(proto.kind.rawValue, as: FeeKind.self, "\(field).kind"), measure: measure,
      period: try Reading.value(proto.period.rawValue, as: FeePeriod.self, "\(field).period"),
      cap: proto.hasCap ? Rate(proto.cap) : nil, note: proto.hasNote ? LocalizedText(proto.note) : nil,
      periodCap: proto.hasPeriodCap ? try Money(proto.periodCap, field: "\(field).period_cap") : nil,
      discounts: try Reading.each(proto.discounts, "\(field).discounts") { discount, path throws(DomainError) in
        try FeeDiscount(discount, path)
      }, title: proto.hasTitle ? LocalizedText(proto.title) : nil)
  }
}

extension FeeDiscount {
  init(_ proto: Huirong_Catalog_V1_FeeDiscount, _ field: String) throws(DomainError) {
    let reduction: FeeReduction
    switch proto.reduction {
    case .shareOff(let share): reduction = .shareOff(Rate(share))
    case .amountOff(let money): reduction = .amountOff(try Money(money, field: "\(field).amount_off"))
    case .rateInstead(let rate): reduction = .rateInstead(Rate(rate))
    case nil:
      throw DomainError(
        .requiredFieldMissing, "share_off, amount_off or rate_instead is required", field: "\(field).share_off")
    }
    self.init(
      reduction: reduction,
      condition: proto.hasCondition ? try Predicate(proto.condition, "\(field).condition") : nil,
      note: proto.hasNote ? LocalizedText(proto.note) : nil)
  }
}

extension Huirong_Catalog_V1_FeeDiscount {
  init(_ discount: FeeDiscount) {
    self.init()
    switch discount.reduction {
    case .shareOff(let share): shareOff = .init(share)
    case .amountOff(let money): amountOff = .init(money)
    case .rateInstead(let rate): rateInstead = .init(rate)
    }
    if let tree = discount.condition { condition = .init(tree) }
    if let text = discount.note { note = .init(text) }
  }
}

extension Huirong_Catalog_V1_Fee {
  init(_ fee: Fee) {
    self.init()
    kind = Huirong_Catalog_V1_FeeKind(rawValue: fee.kind.rawValue) ?? .unspecified
    period = Huirong_Catalog_V1_FeePeriod(rawValue: fee.period.rawValue) ?? .unspecified
    switch fee.measure {
    case .rate(let share): rate = .init(share)
    case .fixed(let money): fixed = .init(money)
    case .range(let lowest, let highest):
      rateRange.min = .init(lowest)
      rateRange.max = .init(highest)
    case .fixedRange(let lowest, let highest):
      fixedRange.min = .init(lowest)
      fixedRange.max = .init(highest)
    case .unstated: unstated = true
    }
    if let most = fee.periodCap { periodCap = .init(most) }
    discounts = fee.discounts.map { .init($0) }
    if let text = fee.title { title = .init(text) }
    if let most = fee.cap { cap = .init(most) }
    if let text = fee.note { note = .init(text) }
  }
}

extension RequiredDocument {
  init(_ proto: Huirong_Catalog_V1_RequiredDocument) {
    self.init(title: LocalizedText(proto.title), optional: proto.optional)
  }
}

extension Huirong_Catalog_V1_RequiredDocument {
  init(_ document: RequiredDocument) {
    self.init()
    title = .init(document.title)
    optional = document.optional
  }
}

extension Process {
  init(_ proto: Huirong_Catalog_V1_Process) {
    self.init(
      steps: proto.hasSteps ? Int(proto.steps) : nil, workingDays: proto.hasWorkingDays ? Int(proto.workingDays) : nil,
      documentCount: proto.hasDocumentCount ? Int(proto.documentCount) : nil,
      note: proto.hasNote ? LocalizedText(proto.note) : nil)
  }
}

extension Huirong_Catalog_V1_Process {
  init(_ process: Process) {
    self.init()
    if let number = process.steps { steps = Int32(number) }
    if let number = process.workingDays { workingDays = Int32(number) }
    if let number = process.documentCount { documentCount = Int32(number) }
    if let text = process.note { note = .init(text) }
  }
}

extension ReferenceRate {
  package init(_ proto: Huirong_Catalog_V1_ReferenceRate, _ field: String) throws(DomainError) {
    try Require.set(proto.hasEffectiveFrom, "\(field).effective_from")
    try Require.set(proto.hasRate, "\(field).rate")
    self.init(
      basis: try Reading.value(proto.basis.rawValue, as: RateBasis.self, "\(field).basis"),
      effectiveFrom: try BusinessDate(proto.effectiveFrom, field: "\(field).effective_from"), rate: Rate(proto.rate))
  }
}

extension Huirong_Catalog_V1_ReferenceRate {
  init(_ reference: ReferenceRate) {
    self.init()
    basis = Huirong_Catalog_V1_RateBasis(rawValue: reference.basis.rawValue) ?? .unspecified
    effectiveFrom = .init(reference.effectiveFrom)
    rate = .init(reference.rate)
  }
}
