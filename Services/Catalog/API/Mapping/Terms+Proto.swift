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
      highest: proto.hasHighest ? Rate(proto.highest) : nil)
  }
}

extension Huirong_Catalog_V1_InterestRate {
  init(_ rate: InterestRate) {
    self.init()
    basis = Huirong_Catalog_V1_RateBasis(rawValue: rate.basis.rawValue) ?? .unspecified
    lowest = .init(rate.lowest)
    if let bound = rate.highest { highest = .init(bound) }
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
    case nil: throw DomainError(.requiredFieldMissing, "rate, fixed or rate_range is required", field: "\(field).rate")
    }
    self.init(
      kind: try Reading.value(proto.kind.rawValue, as: FeeKind.self, "\(field).kind"), measure: measure,
      period: try Reading.value(proto.period.rawValue, as: FeePeriod.self, "\(field).period"),
      cap: proto.hasCap ? Rate(proto.cap) : nil, note: proto.hasNote ? LocalizedText(proto.note) : nil)
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
    }
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
