package import GRPCCore

/// Who may call what: one row per RPC, checked at start to be complete.
///
/// ```swift
/// let access = AccessTable(service: "huirong.fund.v1.FundService", [
///   "GetAccount": .everyone,
///   "ReserveGuarantee": [.operator, .service],
/// ])
/// ```
package struct AccessTable: Sendable {
  private var rows: [(method: String, roles: RoleSet)]

  package init(service: String, _ rows: KeyValuePairs<String, RoleSet>) {
    self.rows = rows.map { ("\(service)/\($0.key)", $0.value) }
  }

  /// The rows of several services of one process.
  package func merging(_ other: AccessTable) -> AccessTable {
    var merged = self
    merged.rows += other.rows
    return merged
  }

  /// The roles of a method; none when it has no row.
  package func roles(of method: String) -> RoleSet {
    rows.first { $0.method == method }?.roles ?? []
  }

  /// - Throws: `AccessTableError` unless rows and methods are the same set and no row admits nobody.
  package func validate(against methods: [MethodDescriptor]) throws(AccessTableError) {
    let served = Set(methods.map(\.fullyQualifiedMethod))
    let named = Set(rows.map(\.method))
    let error = AccessTableError(
      methodsWithoutRow: served.subtracting(named).sorted(), rowsWithoutMethod: named.subtracting(served).sorted(),
      repeatedRows: Dictionary(grouping: rows, by: \.method).filter { $1.count > 1 }.keys.sorted(),
      emptyRows: rows.filter(\.roles.isEmpty).map(\.method).sorted())
    if !error.isEmpty { throw error }
  }
}

/// Why an access table and the methods of a process do not fit.
package struct AccessTableError: Error, Equatable, CustomStringConvertible {
  package let methodsWithoutRow: [String]
  package let rowsWithoutMethod: [String]
  package let repeatedRows: [String]
  package let emptyRows: [String]

  var isEmpty: Bool {
    methodsWithoutRow.isEmpty && rowsWithoutMethod.isEmpty && repeatedRows.isEmpty && emptyRows.isEmpty
  }

  package var description: String {
    let parts = [
      ("methods without a row", methodsWithoutRow), ("rows without a method", rowsWithoutMethod),
      ("rows given twice", repeatedRows), ("rows that admit nobody", emptyRows),
    ]
    return "access table: "
      + parts.filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1.joined(separator: ", "))" }.joined(separator: "; ")
  }
}
