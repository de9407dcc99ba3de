/// A parsed filter (the subset of AIP-160 that docs describe): comparisons joined by AND, OR, NOT and parentheses.
package indirect enum FilterExpression: Sendable, Hashable {
  case comparison(FilterComparison)
  case not(FilterExpression)
  case and([FilterExpression])
  case or([FilterExpression])
}

/// `field operator value`.
package struct FilterComparison: Sendable, Hashable {
  /// Dotted path, e.g. `amount.minor_units`.
  package let field: String
  package let comparator: FilterComparator
  package let value: FilterValue
  /// The value as it was written, without quotes: `007` stays `007` for a text field.
  package let spelling: String
  /// Column of the field in the filter, 1 for the first character.
  package let column: Int
  /// Column of the value.
  package let valueColumn: Int
}

package enum FilterComparator: String, Sendable, CaseIterable {
  case equal = "="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  /// `has`: equality for a scalar, membership for a repeated field, containment for text.
  case has = ":"
}

package enum FilterValue: Sendable, Hashable {
  /// A quoted string.
  case text(String)
  /// An unquoted word: an enum value, `true`, `false`, or `*` after `:`.
  case word(String)
  case integer(Int64)
}
