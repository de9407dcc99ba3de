import Kernel
import RPCEdge

/// The filters of the catalog's lists: comparisons joined by AND, each field at most once.
enum EqualityFilter {
  /// - Throws: `INVALID_FILTER` naming the column.
  static func terms(_ text: String, _ fields: FilterFields) throws(DomainError) -> [FilterComparison] {
    guard let expression = try fields.parse(text) else { return [] }
    var terms: [FilterComparison] = []
    try collect(expression, &terms)
    for (index, term) in terms.enumerated() {
      if terms[..<index].contains(where: { $0.field == term.field }) {
        throw error(term, "\(term.field) is compared twice")
      }
      guard term.comparator == .equal || term.comparator == .has else { throw unsupported(term) }
    }
    return terms
  }

  private static func collect(
    _ expression: FilterExpression, _ terms: inout [FilterComparison]
  ) throws(DomainError) {
    switch expression {
    case .comparison(let comparison): terms.append(comparison)
    case .and(let members): for member in members { try collect(member, &terms) }
    case .or, .not:
      throw DomainError(.invalidFilter, "terms are joined by AND; OR and NOT are not offered here", field: "filter")
    }
  }

  static func unsupported(_ term: FilterComparison) -> DomainError {
    error(term, "\(term.field) is compared with =")
  }

  private static func error(_ term: FilterComparison, _ message: String) -> DomainError {
    DomainError(
      .invalidFilter, "filter column \(term.column): \(message)", field: "filter",
      metadata: ["column": "\(term.column)"])
  }
}
