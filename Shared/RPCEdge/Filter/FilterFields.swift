package import Kernel

/// What a list's filter may name, and what each field's values look like: the check between the parser and a store.
///
/// ```swift
/// static let fields: FilterFields = [
///   "state": .enumeration(["OPEN", "CLAIMED"]), "amount.minor_units": .integer, "business_date": .date,
///   "region": .text,
/// ]
/// let filter = try fields.parse(message.filter)   // nil when empty
/// ```
package struct FilterFields: ExpressibleByDictionaryLiteral, Sendable {
  package enum Kind: Sendable, Hashable {
    case text, integer, boolean, date
    /// The names without the enum's prefix, as the documentation of the list gives them.
    case enumeration([String])
  }

  private let kinds: [String: Kind]

  package init(dictionaryLiteral elements: (String, Kind)...) {
    kinds = Dictionary(elements) { first, _ in first }
  }

  /// Parses a filter and checks it against the fields. Values come out normalised: dates as `.text("yyyy-mm-dd")`,
  /// booleans as `.integer(0 or 1)`, text fields as `.text`, enum values as `.word`.
  /// - Throws: `INVALID_FILTER` naming the column.
  package func parse(_ filter: String) throws(DomainError) -> FilterExpression? {
    guard let expression = try FilterParser.parse(filter) else { return nil }
    return try check(expression)
  }

  private func check(_ expression: FilterExpression) throws(DomainError) -> FilterExpression {
    switch expression {
    case .comparison(let comparison): return .comparison(try check(comparison))
    case .not(let inner): return .not(try check(inner))
    case .and(let operands): return .and(try check(operands))
    case .or(let operands): return .or(try check(operands))
    }
  }

  private func check(_ operands: [FilterExpression]) throws(DomainError) -> [FilterExpression] {
    var checked: [FilterExpression] = []
    for operand in operands { checked.append(try check(operand)) }
    return checked
  }

  private func check(_ comparison: FilterComparison) throws(DomainError) -> FilterComparison {
    guard let kind = kinds[comparison.field] else {
      throw FilterParser.error(
        comparison.column,
        "no field \(comparison.field.prefix(64)) to filter by; there are \(kinds.keys.sorted().joined(separator: ", "))"
      )
    }
    if comparison.comparator.isOrder, !kind.isOrdered {
      throw FilterParser.error(
        comparison.column, "\(comparison.field) has no order: \(comparison.comparator.rawValue) does not apply")
    }
    return FilterComparison(
      field: comparison.field, comparator: comparison.comparator, value: try value(of: comparison, kind),
      spelling: comparison.spelling, column: comparison.column, valueColumn: comparison.valueColumn)
  }

  private func value(of comparison: FilterComparison, _ kind: Kind) throws(DomainError) -> FilterValue {
    switch (kind, comparison.value) {
    case (.text, .text), (.integer, .integer): return comparison.value
    case (.text, .word), (.text, .integer): return .text(comparison.spelling)
    case (.boolean, .word("true")): return .integer(1)
    case (.boolean, .word("false")): return .integer(0)
    case (.date, .word(let text)), (.date, .text(let text)):
      guard let date = try? BusinessDate(iso: text) else { break }
      return .text(date.description)
    case (.enumeration(let names), .word(let word)) where names.contains(word): return comparison.value
    default: break
    }
    throw FilterParser.error(comparison.valueColumn, "\(comparison.field) takes \(kind.expected)")
  }
}

extension FilterFields.Kind {
  fileprivate var isOrdered: Bool {
    switch self {
    case .text, .integer, .date: true
    case .boolean, .enumeration: false
    }
  }

  fileprivate var expected: String {
    switch self {
    case .text: "a string"
    case .integer: "an integer"
    case .boolean: "true or false"
    case .date: "a date yyyy-mm-dd"
    case .enumeration(let names): "one of \(names.joined(separator: ", "))"
    }
  }
}

extension FilterComparator {
  fileprivate var isOrder: Bool {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual: true
    case .equal, .notEqual, .has: false
    }
  }
}
