package import Kernel

/// A rule of a policy pack that a decision rests on.
package struct RuleCitation: Hashable, Sendable {
  package let ruleID: String
  package let document: String
  package let article: String
  package let quote: String

  package init(ruleID: String, document: String, article: String, quote: String) {
    self.ruleID = ruleID
    self.document = document
    self.article = article
    self.quote = quote
  }
}

/// A published cap on a fee.
package struct FeeCap: Hashable, Sendable {
  package let highest: Rate
  package let inclusive: Bool
  package let citation: RuleCitation

  package init(highest: Rate, inclusive: Bool, citation: RuleCitation) {
    self.highest = highest
    self.inclusive = inclusive
    self.citation = citation
  }

  func admits(_ rate: Rate) -> Bool { inclusive ? rate <= highest : rate < highest }
}

/// What a cap depends on.
package struct FeeCapQuestion: Hashable, Sendable {
  package let kind: FeeKind
  package let region: String
  /// `nil` when the product does not say whom it is for.
  package let customer: CustomerClass?
  /// The firm's total guaranteed amount (单户).
  package let total: Money
  /// Inside the central bank's relending or rediscount scope.
  package let relending: Bool
}

/// What a cap on interest depends on.
package struct RateCapQuestion: Hashable, Sendable {
  package let region: String
  package let institution: InstitutionKind
  package let instrument: Instrument
}

/// Where limits are read: the policy packs, or a table in a test.
package protocol PolicyLimitReading: Sendable {
  /// The cap on a fee; `nil` when no pack states one for the case.
  func cap(_ question: FeeCapQuestion, on date: BusinessDate) throws(DomainError) -> FeeCap?
  /// The highest lawful yearly interest, as a rate; `nil` when no pack states one for the case.
  func rateCap(_ question: RateCapQuestion, on date: BusinessDate) throws(DomainError) -> FeeCap?
}

/// What must hold of a product before it is in force, beyond being well formed.
package enum Conformance {
  /// Customer classes a published cap speaks of.
  private static let capped: [CustomerClass] = [.smallMicro, .agriculture, .soleTrader, .farmer]

  /// Fees of government-backed guarantors are held to the published caps (Yantai 7, Zibo 1) in every region and for every
  /// customer class the product names, at the lowest and at the highest amount it is offered for: caps differ by the
  /// firm's total, and the lower one binds whatever else is on offer.
  /// - Returns: the rules that were applied, in order of their ids.
  /// - Throws: `POLICY_CONDITION_FAILED` naming the fee and citing the rule.
  package static func check(
    _ terms: ProductTerms, institution: Institution, asOf: BusinessDate, limits: some PolicyLimitReading
  ) throws(DomainError) -> [RuleCitation] {
    if let to = terms.effectiveTo, to < asOf {
      throw DomainError(
        .policyConditionFailed, "the terms ended on \(to), before \(asOf)", field: "effective_to")
    }
    return try hold(terms, institution: institution, asOf: asOf, limits: limits)
  }

  /// The limits alone: what terms are held to when they are entered.
  /// - Returns: the rules that were applied, in order of their ids.
  package static func hold(
    _ terms: ProductTerms, institution: Institution, asOf: BusinessDate, limits: some PolicyLimitReading
  ) throws(DomainError) -> [RuleCitation] {
    var citations: [String: RuleCitation] = [:]
    try holdRate(terms, institution, asOf, limits, &citations)
    try holdFees(terms, institution, asOf, limits, &citations)
    return citations.values.sorted { $0.ruleID < $1.ruleID }
  }

  /// A fixed rate, in every tier, is held to the highest lawful rate of every region the product is offered in. A spread has
  /// no rate of its own before it meets its LPR.
  private static func holdRate(
    _ terms: ProductTerms, _ institution: Institution, _ asOf: BusinessDate, _ limits: some PolicyLimitReading,
    _ citations: inout [String: RuleCitation]
  ) throws(DomainError) {
    guard let rate = terms.rate, rate.basis == .fixed, (terms.amount?.currency ?? .cny) == .cny else { return }
    for region in regions(terms, institution) {
      let question = RateCapQuestion(region: region, institution: institution.kind, instrument: terms.instrument)
      guard let cap = try limits.rateCap(question, on: asOf) else { continue }
      citations[cap.citation.ruleID] = cap.citation
      var rates = [(rate.highest ?? rate.lowest, rate.highest == nil ? "rate.lowest" : "rate.highest")]
      for (index, tier) in (rate.tiers?.tiers ?? []).enumerated() {
        rates.append((tier.highest ?? tier.lowest, "rate.tiers[\(index)].highest"))
      }
      for (rate, field) in rates where !cap.admits(rate) {
        throw DomainError(
          .policyConditionFailed,
          "a yearly rate of \(rate) is above the limit of \(cap.highest) in \(cap.citation.document) \(cap.citation.article)",
          field: field,
          metadata: [
            "rule": cap.citation.ruleID, "document": cap.citation.document, "article": cap.citation.article,
            "cap_ppm": "\(cap.highest.ppm)", "rate_ppm": "\(rate.ppm)", "region": region,
          ])
      }
    }
  }

  private static func regions(_ terms: ProductTerms, _ institution: Institution) -> [String] {
    let own = terms.serviceRegions.isEmpty ? institution.serviceRegions : terms.serviceRegions
    return own.isEmpty ? [""] : own
  }

  private static func holdFees(
    _ terms: ProductTerms, _ institution: Institution, _ asOf: BusinessDate, _ limits: some PolicyLimitReading,
    _ citations: inout [String: RuleCitation]
  ) throws(DomainError) {
    guard institution.governmentBacked || terms.programmes.contains(Programmes.governmentGuarantee) else { return }
    for (index, fee) in terms.fees.enumerated() where fee.kind == .guarantee || fee.kind == .reGuarantee {
      for question in questions(terms, institution, fee.kind) {
        guard let cap = try limits.cap(question, on: asOf) else { continue }
        citations[cap.citation.ruleID] = cap.citation
        try hold(fee, to: cap, question, terms, path: "fees[\(index)]")
      }
    }
  }

  private static func questions(
    _ terms: ProductTerms, _ institution: Institution, _ kind: FeeKind
  ) -> [FeeCapQuestion] {
    let regions = regions(terms, institution)
    let named = terms.customerClasses.filter { capped.contains($0) }
    let customers: [CustomerClass?] =
      terms.customerClasses.isEmpty ? [nil] : named.map { $0 }
    let currency = terms.amount?.currency ?? .cny
    // The smallest amount is one minor unit; without a stated limit the lower end alone is known.
    let bounds = terms.amount?.bounds
    let totals = Set([max(1, bounds?.lowest ?? 1), bounds?.highest].compactMap(\.self)).sorted()
    var questions: [FeeCapQuestion] = []
    for region in regions {
      for customer in customers {
        for total in totals {
          questions.append(
            FeeCapQuestion(
              kind: kind, region: region, customer: customer, total: Money(total, currency),
              relending: terms.programmes.contains(Programmes.relending)))
        }
      }
    }
    return questions
  }

  private static func hold(
    _ fee: Fee, to cap: FeeCap, _ question: FeeCapQuestion, _ terms: ProductTerms, path: String
  ) throws(DomainError) {
    let yearly: Rate
    let field: String
    switch fee.measure {
    case .rate(let rate): (yearly, field) = (try annual(rate, fee.period, terms), "\(path).rate")
    case .range(_, let highest): (yearly, field) = (try annual(highest, fee.period, terms), "\(path).rate_range.max")
    case .fixed(let money):
      (yearly, field) = (try annual(money, fee.period, question.total, terms), "\(path).fixed")
    case .fixedRange(_, let highest):
      (yearly, field) = (try annual(highest, fee.period, question.total, terms), "\(path).fixed_range.max")
    case .unstated:
      throw DomainError(
        .policyConditionFailed,
        "a fee that \(cap.citation.document) \(cap.citation.article) caps must be stated", field: "\(path).unstated",
        metadata: ["rule": cap.citation.ruleID, "cap_ppm": "\(cap.highest.ppm)"])
    }
    if cap.admits(yearly) { return }
    throw DomainError(
      .policyConditionFailed,
      "a yearly \(question.kind.key) fee of \(yearly) for a total of \(question.total) breaks the cap of \(cap.highest) in \(cap.citation.document) \(cap.citation.article)",
      field: field,
      metadata: [
        "rule": cap.citation.ruleID, "document": cap.citation.document, "article": cap.citation.article,
        "cap_ppm": "\(cap.highest.ppm)", "fee_ppm": "\(yearly.ppm)",
        "total_minor_units": "\(question.total.minorUnits)",
        "region": question.region,
      ])
  }

  /// A fee as a yearly share: a single one is spread over the shortest tenor, or a year when none is stated.
  private static func annual(_ rate: Rate, _ period: FeePeriod, _ terms: ProductTerms) throws(DomainError) -> Rate {
    switch period {
    case .perYear, .perEvent: rate
    case .perMonth: Rate(ppm: try ExactRatio.multiply(rate.ppm, 12, dividedBy: 1))
    case .perDay: Rate(ppm: try ExactRatio.multiply(rate.ppm, 365, dividedBy: 1))
    case .once, .atEnd:
      Rate(
        ppm: try ExactRatio.multiply(
          rate.ppm, 365, dividedBy: (terms.tenor?.min ?? terms.tenor?.max)?.comparableDays ?? 365))
    }
  }
}

extension Conformance {
  /// A fixed fee as a yearly share of the smallest amount asked about.
  private static func annual(
    _ money: Money, _ period: FeePeriod, _ total: Money, _ terms: ProductTerms
  ) throws(DomainError) -> Rate {
    try annual(try Rate(money.minorUnits, over: total.minorUnits), period, terms)
  }
}

/// Programme attributes that rules refer to.
package enum Programmes {
  /// Inside the central bank's relending or rediscount scope (Zibo 1).
  package static let relending = "relending"
  /// The guarantee comes from the government guarantee system although a bank offers the product.
  package static let governmentGuarantee = "government-guarantee"
}
