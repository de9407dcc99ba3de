package import FundDomain
package import Kernel
import Storage

extension SQLFundRepository {
  package func bridgeProgramme(_ id: String) async throws -> BridgeProgramme {
    try await read { source in
      guard let programme = try source.bridgeProgramme(id) else { throw DomainError.notFound("bridgeProgrammes/\(id)") }
      return programme
    }
  }

  package func bridgeLoan(_ id: String) async throws -> BridgeLoan {
    try await read { source in
      guard let loan = try source.bridgeLoan(id) else { throw DomainError.notFound("bridgeLoans/\(id)") }
      return loan
    }
  }

  package func bridgeLoans(
    _ filter: BridgeLoanFilter, after key: String?, limit: Int
  ) async throws -> FundPage<BridgeLoan> {
    try await read { source in
      let selection = Selection(
        after: key, limit: limit, column: "id", ("programme", filter.programme), ("journey", filter.journey),
        state: ("state", filter.state?.rawValue))
      let found = try source.session.query(
        "SELECT \(BridgeRows.loanColumns) FROM fund_bridge_loan \(selection.sql)", selection.arguments,
        BridgeRows.loan)
      return FundPage(rows: found, limit: limit, key: \.id)
    }
  }

  package func quote(bridgeLoan id: String, on date: BusinessDate) async throws -> BridgeLoan {
    let rules = rules
    return try await read { source in
      guard let loan = try source.bridgeLoan(id) else { throw DomainError.notFound("bridgeLoans/\(id)") }
      guard let programme = try source.bridgeProgramme(loan.programme), let pool = try source.pool(loan.pool) else {
        throw Packed.damaged("\(loan.name) has no programme or pool")
      }
      return try rules.quote(loan, on: date, programme: programme, pool: pool)
    }
  }
}

/// `WHERE … ORDER BY … LIMIT ?` of a keyset page over optional equalities.
struct Selection {
  let sql: String
  let arguments: [SQLValue]

  init(
    after key: String?, limit: Int, column: String, _ equal: (column: String, value: String?)...,
    oneOf: (column: String, values: [String]?)? = nil, state: (column: String, value: Int64?)? = nil
  ) {
    var conditions = ["\(column) > ?"]
    var arguments: [SQLValue] = [.text(key ?? "")]
    for (name, value) in equal {
      guard let value, !value.isEmpty else { continue }
      // The second half lets the engine use an index that leaves empty texts out.
      conditions += ["\(name) = ?", "\(name) <> ''"]
      arguments.append(.text(value))
    }
    if let oneOf, let values = oneOf.values, !values.isEmpty {
      conditions.append("\(oneOf.column) IN (\(values.map { _ in "?" }.joined(separator: ", ")))")
      arguments += values.map { .text($0) }
    }
    if let state, let value = state.value {
      conditions.append("\(state.column) = ?")
      arguments.append(.integer(value))
    }
    sql = "WHERE \(conditions.joined(separator: " AND ")) ORDER BY \(column) LIMIT ?"
    self.arguments = arguments + [.integer(Int64(limit) + 1)]
  }
}
