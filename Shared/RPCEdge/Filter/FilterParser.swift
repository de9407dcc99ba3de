package import Kernel

/// Parses filters by AIP-160's grammar without functions and bare words:
///
/// ```
/// expression = sequence { "AND" sequence }      OR binds tighter than AND, as in AIP-160
/// sequence   = factor { "OR" factor }
/// factor     = [ "NOT" | "-" ] ( comparison | "(" expression ")" )
/// comparison = field ( "=" | "!=" | "<" | "<=" | ">" | ">=" | ":" ) value
/// value      = word | integer | "string" | 'string'
/// ```
///
/// Every error is INVALID_FILTER and names the column.
package struct FilterParser {
  /// Deepest nesting of parentheses and negations.
  package static let maximumDepth = 16
  /// Most comparisons in one filter.
  package static let maximumComparisons = 64

  private var lexer: FilterLexer
  private var token: FilterToken
  private var comparisons = 0

  /// `nil` for an empty filter, which lets everything pass.
  /// - Throws: `INVALID_FILTER`.
  package static func parse(_ filter: String) throws(DomainError) -> FilterExpression? {
    var parser = try FilterParser(filter)
    if parser.token.kind == .end { return nil }
    let expression = try parser.expression(depth: 0)
    guard parser.token.kind == .end else {
      throw error(parser.token.column, "expected AND, OR or the end of the filter")
    }
    return expression
  }

  private init(_ filter: String) throws(DomainError) {
    lexer = try FilterLexer(filter)
    token = try lexer.next()
  }

  static func error(_ column: Int, _ message: String) -> DomainError {
    DomainError(
      .invalidFilter, "filter column \(column): \(message)", field: "filter", metadata: ["column": "\(column)"])
  }

  private mutating func advance() throws(DomainError) { token = try lexer.next() }

  private mutating func expression(depth: Int) throws(DomainError) -> FilterExpression {
    var operands = [try sequence(depth: depth)]
    while token.kind == .word("AND") {
      try advance()
      operands.append(try sequence(depth: depth))
    }
    return operands.count == 1 ? operands[0] : .and(operands)
  }

  private mutating func sequence(depth: Int) throws(DomainError) -> FilterExpression {
    var operands = [try factor(depth: depth)]
    while token.kind == .word("OR") {
      try advance()
      operands.append(try factor(depth: depth))
    }
    return operands.count == 1 ? operands[0] : .or(operands)
  }

  private mutating func factor(depth: Int) throws(DomainError) -> FilterExpression {
    guard depth < Self.maximumDepth else {
      throw Self.error(token.column, "nested deeper than \(Self.maximumDepth) levels")
    }
    switch token.kind {
    case .word("NOT"), .word("-"):
      try advance()
      return .not(try factor(depth: depth + 1))
    case .open:
      try advance()
      let inner = try expression(depth: depth + 1)
      guard token.kind == .close else { throw Self.error(token.column, "expected \")\"") }
      try advance()
      return inner
    case .word(let word): return try comparison(word)
    default: throw Self.error(token.column, "expected a field, NOT or \"(\"")
    }
  }

  private mutating func comparison(_ word: String) throws(DomainError) -> FilterExpression {
    let negated = word.hasPrefix("-")
    let field = negated ? String(word.dropFirst()) : word
    let column = token.column + (negated ? 1 : 0)
    guard Self.isField(field) else { throw Self.error(column, "\"\(field.prefix(64))\" is not a field name") }
    guard comparisons < Self.maximumComparisons else {
      throw Self.error(column, "more than \(Self.maximumComparisons) comparisons")
    }
    comparisons += 1
    try advance()
    guard case .comparator(let comparator) = token.kind else {
      throw Self.error(token.column, "expected one of = != < <= > >= : after \(field)")
    }
    try advance()
    let (value, spelling) = try value()
    let comparison = FilterComparison(
      field: field, comparator: comparator, value: value, spelling: spelling, column: column, valueColumn: token.column)
    try advance()
    return negated ? .not(.comparison(comparison)) : .comparison(comparison)
  }

  private func value() throws(DomainError) -> (FilterValue, String) {
    switch token.kind {
    case .text(let text): return (.text(text), text)
    case .word(let word):
      if ["AND", "OR", "NOT"].contains(word) { throw Self.error(token.column, "expected a value, not \(word)") }
      if let integer = Int64(word) { return (.integer(integer), word) }
      if Self.isNumeric(word) { throw Self.error(token.column, "\"\(word.prefix(64))\" does not fit a 64-bit integer") }
      return (.word(word), word)
    default: throw Self.error(token.column, "expected a value")
    }
  }

  private static func isNumeric(_ word: String) -> Bool {
    let digits = word.drop { $0 == "-" || $0 == "+" }
    return !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// Lower-snake parts joined by dots.
  private static func isField(_ text: String) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
      guard let first = part.utf8.first, (0x61...0x7A).contains(first) else { return false }
      return part.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
  }
}
