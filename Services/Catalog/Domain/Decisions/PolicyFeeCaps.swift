package import Kernel
package import Policy

/// Caps as the city's policy packs state them.
package struct PolicyFeeCaps: FeeCapReading {
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
