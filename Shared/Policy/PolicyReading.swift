package import Kernel

/// A series of readings for one decision: same book, scope and date, and the list of every rule that was used, in order
/// and once each, for the decision to store.
package struct PolicyReading: Sendable {
  package let book: PolicyBook
  package var scope: PolicyScope
  package let date: BusinessDate
  package private(set) var citations: [PolicyCitation] = []

  package init(_ book: PolicyBook, scope: PolicyScope = PolicyScope(), on date: BusinessDate) {
    self.book = book
    self.scope = scope
    self.date = date
  }

  /// - Throws: as `PolicyBook.parameter`.
  package mutating func callAsFunction<Value>(
    _ name: String, as unit: PolicyUnit<Value>
  ) throws(DomainError) -> PolicyValue<Value> {
    let answer = try book.parameter(name, as: unit, scope: scope, on: date)
    record(answer.citation)
    return answer
  }

  /// - Throws: as `PolicyBook.parameterIfStated`.
  package mutating func ifStated<Value>(
    _ name: String, as unit: PolicyUnit<Value>
  ) throws(DomainError) -> PolicyValue<Value>? {
    let answer = try book.parameterIfStated(name, as: unit, scope: scope, on: date)
    if let answer { record(answer.citation) }
    return answer
  }

  /// Adds a rule that was read another way.
  package mutating func record(_ citation: PolicyCitation) {
    if !citations.contains(citation) { citations.append(citation) }
  }
}
