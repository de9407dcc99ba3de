package import Policy

/// The rule of a policy pack that a decision rests on, as it is stored with the decision.
package struct Citation: Sendable, Hashable, Codable {
  package var ruleID: String
  package var document: String
  package var article: String
  package var quote: String

  package init(ruleID: String, document: String, article: String, quote: String) {
    self.ruleID = ruleID
    self.document = document
    self.article = article
    self.quote = quote
  }

  package init(_ citation: PolicyCitation) {
    self.init(
      ruleID: citation.ruleID, document: citation.document, article: citation.article, quote: citation.quote)
  }
}
