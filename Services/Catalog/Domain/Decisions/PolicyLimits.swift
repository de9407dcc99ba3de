package import Kernel
package import Policy

/// Limits as the city's policy packs state them.
package struct PolicyLimits: PolicyLimitReading {
  private let book: PolicyBook

  package init(_ book: PolicyBook) { self.book = book }

  package func cap(_ question: FeeCapQuestion, on date: BusinessDate) throws(DomainError) -> FeeCap? {
    let parameter = question.kind == .reGuarantee ? "re_guarantee_fee.cap" : "guarantee_fee.cap"
    let scope = PolicyScope(
      region: question.region, product: "guarantee", attributes: Self.attributes(question))
    guard let value = try book.parameterIfStated(parameter, as: .rate, scope: scope, on: date) else { return nil }
    return FeeCap(
      highest: value.value, inclusive: value.inclusive,
      citation: RuleCitation(
        ruleID: value.citation.ruleID, document: value.citation.document, article: value.citation.article,
        quote: value.citation.quote))
  }

  package func rateCap(_ question: RateCapQuestion, on date: BusinessDate) throws(DomainError) -> FeeCap? {
    guard Self.lends(question.institution), question.instrument == .loan || question.instrument == .bridgeLoan else {
      return nil
    }
    guard
      let value = try book.parameterIfStated(
        "loan_rate.cap", as: .rate, scope: PolicyScope(region: question.region), on: date)
    else { return nil }
    return FeeCap(
      highest: value.value, inclusive: value.inclusive,
      citation: RuleCitation(
        ruleID: value.citation.ruleID, document: value.citation.document, article: value.citation.article,
        quote: value.citation.quote))
  }

  /// The institutions whose loan contracts the limit speaks of.
  private static func lends(_ kind: InstitutionKind) -> Bool {
    switch kind {
    case .bank, .microLoan, .fund: true
    case .guarantor, .reGuarantor, .leasing, .insurance, .factoring, .securities, .futures, .exchange: false
    }
  }

  /// A product that does not say whom it is for is held to what binds small and micro firms, the strictest case.
  private static func attributes(_ question: FeeCapQuestion) -> PolicyAttributes {
    var attributes = PolicyAttributes(relendingScope: question.relending, guaranteeTotal: question.total)
    switch question.customer {
    case nil, .smallMicro:
      attributes.size = .small
      attributes.agricultural = false
      attributes.borrowerKind = .company
    case .agriculture:
      attributes.size = .notAFirm
      attributes.agricultural = true
      attributes.borrowerKind = .company
    case .farmer:
      attributes.size = .notAFirm
      attributes.agricultural = true
      attributes.borrowerKind = .farmer
    case .soleTrader:
      attributes.size = .notAFirm
      attributes.agricultural = false
      attributes.borrowerKind = .soleTrader
    case .medium, .large, .talent, .publicBody:
      attributes.agricultural = false
    }
    return attributes
  }
}
