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

/// Where caps are read: the policy packs, or a table in a test.
package protocol FeeCapReading: Sendable {
  /// `nil` when no pack states a cap for the case.
  func cap(_ question: FeeCapQuestion, on date: BusinessDate) throws(DomainError) -> FeeCap?
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
    _ terms: ProductTerms, institution: Institution, asOf: BusinessDate, caps: some FeeCapReading
  ) throws(DomainError) -> [RuleCitation] {
    var citations: [String: RuleCitation] = [:]
    if let to = terms.effectiveTo, to < asOf {
      throw DomainError(
        .policyConditionFailed, "the terms ended on \(to), before \(asOf)", field: "effective_to")
    }
    guard institution.governmentBacked || terms.programmes.contains(Programmes.governmentGuarantee) else { return [] }
    for (index, fee) in terms.fees.enumerated() where fee.kind == .guarantee || fee.kind == .reGuarantee {
      for question in questions(terms, institution, fee.kind) {
        guard let cap = try caps.cap(question, on: asOf) else { continue }
        citations[cap.citation.ruleID] = cap.citation
        try hold(fee, to: cap, question, terms, path: "fees[\(index)]")
      }
    }
    return citations.values.sorted { $0.ruleID < $1.ruleID }
  }

  private static func questions(
    _ terms: ProductTerms, _ institution: Institution, _ kind: FeeKind
  ) -> [FeeCapQuestion] {
    let own = terms.serviceRegions.isEmpty ? institution.serviceRegions : terms.serviceRegions
    let regions = own.isEmpty ? [""] : own
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
      yearly = try Rate(money.minorUnits, over: question.total.minorUnits)
      field = "\(path).fixed"
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
    case .perYear: rate
    case .perDay: Rate(ppm: try ExactRatio.multiply(rate.ppm, 365, dividedBy: 1))
    case .once:
      Rate(
        ppm: try ExactRatio.multiply(
          rate.ppm, 365, dividedBy: (terms.tenor?.min ?? terms.tenor?.max)?.comparableDays ?? 365))
    }
  }
}

/// Programme attributes that rules refer to.
package enum Programmes {
  /// Inside the central bank's relending or rediscount scope (Zibo 1).
  package static let relending = "relending"
  /// The guarantee comes from the government guarantee system although a bank offers the product.
  package static let governmentGuarantee = "government-guarantee"
}
