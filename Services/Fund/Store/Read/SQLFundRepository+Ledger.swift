package import FundDomain
package import Kernel
import Storage

extension SQLFundRepository {
  package func pool(_ id: String) async throws -> PoolView {
    try await read { source in
      guard let pool = try source.pool(id) else { throw DomainError.notFound("pools/\(id)") }
      return PoolView(pool: pool, figures: PoolFigures(try source.accounts(ofPool: id)))
    }
  }

  package func pools(after key: String?, limit: Int) async throws -> FundPage<PoolView> {
    try await read { source in
      let pools = try source.session.query(
        "SELECT \(FundRows.poolColumns) FROM fund_pool WHERE id > ? ORDER BY id LIMIT ?",
        [.text(key ?? ""), .integer(Int64(limit) + 1)], FundRows.pool)
      let views = try pools.map { PoolView(pool: $0, figures: PoolFigures(try source.accounts(ofPool: $0.id))) }
      return FundPage(rows: views, limit: limit, key: \.pool.id)
    }
  }

  package func account(_ id: String) async throws -> Account {
    try await read { source in
      guard let account = try source.account(id: id) else { throw DomainError.notFound("accounts/\(id)") }
      return account
    }
  }

  package func accounts(ofPool id: String, after key: String?, limit: Int) async throws -> FundPage<Account> {
    try await read { source in
      guard try source.pool(id) != nil else { throw DomainError.notFound("pools/\(id)") }
      let accounts = try source.session.query(
        """
        SELECT \(LedgerRows.accountColumns) FROM fund_account WHERE pool = ? AND code > ? ORDER BY code LIMIT ?
        """, [.text(id), .text(key ?? ""), .integer(Int64(limit) + 1)], LedgerRows.account)
      return FundPage(rows: accounts, limit: limit, key: \.code)
    }
  }

  package func balances(
    of account: String, at point: BalancePoint
  ) async throws -> (account: Account, balances: Balances) {
    try await read { source in
      guard let account = try source.account(id: account) else { throw DomainError.notFound("accounts/\(account)") }
      switch point {
      case .now: return (account, account.balances)
      case .transfer(let number): return (account, try PastBalance(source).balances(of: account, after: number))
      case .businessDate(let date): return (account, try PastBalance(source).balances(of: account, closing: date))
      }
    }
  }

  package func transfer(number: Int64) async throws -> TransferView {
    try await read { source in
      guard let view = try TransferReader(source).transfer(number) else {
        throw DomainError.notFound("transfers/\(number)")
      }
      return view
    }
  }

  package func transfer(id: TransferID) async throws -> TransferView {
    try await read { source in
      guard let number = try source.transfer(id: id)?.number, let view = try TransferReader(source).transfer(number)
      else { throw DomainError.notFound("transfers/\(id.text)") }
      return view
    }
  }

  package func transfers(
    touching account: String?, after number: Int64, limit: Int
  ) async throws -> FundPage<TransferView> {
    try await read { source in
      let reader = TransferReader(source)
      let views: [TransferView]
      if let account {
        guard let account = try source.account(id: account) else { throw DomainError.notFound("accounts/\(account)") }
        views = try reader.touching(account, after: number, limit: limit + 1)
      } else {
        views = try reader.transfers(after: number, limit: limit + 1)
      }
      return FundPage(rows: views, limit: limit) { "\($0.transfer.number)" }
    }
  }

  package func trialBalance(ofPool id: String, on date: BusinessDate?) async throws -> TrialBalance {
    try await read { source in
      guard let pool = try source.pool(id) else { throw DomainError.notFound("pools/\(id)") }
      let past = PastBalance(source)
      let lines = try source.accounts(ofPool: id).map { account in
        TrialBalance.Line(
          code: account.code, displayName: account.displayName,
          balances: try date.map { try past.balances(of: account, closing: $0) } ?? account.balances)
      }
      return TrialBalance(pool: id, currency: pool.currency, businessDate: date, lines: lines)
    }
  }
}

extension FundPage {
  /// Cuts `limit + 1` rows read down to a page.
  init(rows: [Item], limit: Int, key: (Item) -> String) {
    let page = Array(rows.prefix(limit))
    self.init(items: page, next: rows.count > limit ? page.last.map(key) : nil)
  }
}
