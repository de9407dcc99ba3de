package import Policy

/// The rule of a policy pack that a decision rests on, kept with the decision.
package struct Citation: Hashable, Sendable {
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

  package init(_ source: PolicyCitation) {
    self.init(ruleID: source.ruleID, document: source.document, article: source.article, quote: source.quote)
  }
}
