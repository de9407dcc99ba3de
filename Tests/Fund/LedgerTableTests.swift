import FundDomain
import Kernel
import Testing

/// One line an operation, the status it must have at its end.
@Suite struct LedgerTableTests {
  /// Accounts: 9a and 9b without a limit, 9c whose debits must not exceed its credits, 9d the other way round.
  private func bench() throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    try fund.run(Fixture.pool("other"))
    for (pool, code, limit) in [
      ("pool", "9a", AccountLimit.none), ("pool", "9b", .none), ("pool", "9c", .debitsMustNotExceedCredits),
      ("pool", "9d", .creditsMustNotExceedDebits), ("other", "9x", .none),
    ] {
      try fund.run(CreateAccount(pool: pool, code: code, displayName: code, normalSide: .debit, limit: limit))
    }
    return fund
  }

  private static let day = Fixture.day("2024-05-01")

  private enum Op {
    case single(Int, String, String, Int64, TransferStatus)
    case pending(Int, String, String, Int64, expires: String, TransferStatus)
    case post(Int, of: Int, Int64?, on: String = "2024-05-01", TransferStatus)
    case void(Int, of: Int, on: String = "2024-05-01", TransferStatus)
    case legs(Int, [(String, Int64)], TransferStatus)
    case template(Int, PostingTemplate?, String, String, TransferStatus)

    var expected: TransferStatus {
      switch self {
      case .single(_, _, _, _, let status), .pending(_, _, _, _, _, let status), .post(_, _, _, _, let status),
        .void(_, _, _, let status), .legs(_, _, let status), .template(_, _, _, _, let status):
        status
      }
    }

    var draft: TransferDraft {
      func id(_ code: String) -> String { code.contains(".") ? code : "pool.\(code)" }
      func legs(_ debit: String, _ credit: String, _ amount: Int64) -> [LegDraft] {
        [LegDraft(id(debit), amount), LegDraft(id(credit), -amount)]
      }
      switch self {
      case .single(let number, let debit, let credit, let amount, _):
        return TransferDraft(id: Fixture.ulid(number), .single(.clearing, legs(debit, credit, amount)), on: day)
      case .pending(let number, let debit, let credit, let amount, let expires, _):
        return TransferDraft(
          id: Fixture.ulid(number),
          .pending(.clearing, legs(debit, credit, amount), expiresOn: Fixture.day(expires)), on: day)
      case .post(let number, let pending, let amount, let date, _):
        return TransferDraft(
          id: Fixture.ulid(number), .post(.id(Fixture.ulid(pending)), amount: amount), on: Fixture.day(date))
      case .void(let number, let pending, let date, _):
        return TransferDraft(id: Fixture.ulid(number), .void(.id(Fixture.ulid(pending))), on: Fixture.day(date))
      case .legs(let number, let legs, _):
        return TransferDraft(
          id: Fixture.ulid(number), .single(.clearing, legs.map { LegDraft(id($0.0), $0.1) }), on: day)
      case .template(let number, let template, let debit, let credit, _):
        return TransferDraft(id: Fixture.ulid(number), .single(template, legs(debit, credit, 1)), on: day)
      }
    }
  }

  /// Each operation is a batch of its own.
  private func check(_ operations: [Op], _ fund: MemoryFund, sourceLocation: SourceLocation = #_sourceLocation) throws {
    for (line, operation) in operations.enumerated() {
      let results = try fund.run(CreateTransfers([operation.draft]))
      #expect(results.map(\.status) == [operation.expected], "line \(line + 1)", sourceLocation: sourceLocation)
    }
    #expect(fund.imbalance == 0, sourceLocation: sourceLocation)
  }

  @Test func `plain transfers, their ids and what is wrong with them`() throws {
    let fund = try bench()
    try check(
      [
        .single(1, "9a", "9b", 100, .created),
        .single(1, "9a", "9b", 100, .exists),
        .single(1, "9a", "9b", 101, .existsWithDifferentAmount),
        .single(1, "9b", "9a", 100, .existsWithDifferentAccounts),
        .single(1, "9a", "9zz", 100, .existsWithDifferentAccounts),
        .pending(1, "9a", "9b", 100, expires: "2024-06-01", .existsWithDifferentFields),
        .single(2, "9a", "9zz", 5, .accountNotFound),
        .single(2, "9a", "9b", 5, .idAlreadyRefused),
        .single(3, "9a", "other.9x", 5, .poolsDiffer),
        .single(3, "9a", "9b", 0, .legInvalid),
        .single(3, "9a", "9a", 5, .legInvalid),
        .legs(3, [("9a", 5), ("9b", -4)], .unbalanced),
        .legs(3, [("9a", 5)], .legCountInvalid),
        .legs(3, [("9a", 5), ("9b", -2), ("9c", -3)], .created),
        .template(4, nil, "9a", "9b", .templateUnknown),
        .template(4, .capitalInjection, "9a", "9b", .templateMismatch),
        .template(4, .capitalInjection, "1001", "3001", .created),
        .template(5, .bridgePayout, "1301", "1001", .templateReserved),
        .template(5, .clearing, "9a", "1001", .templateMismatch),
      ], fund)
    #expect(fund.balances("pool.9a") == Balances(debitsPosted: 105))
    #expect(fund.balances("pool.9c") == Balances(creditsPosted: 3))
  }

  @Test func `limits count what is pending`() throws {
    let fund = try bench()
    try check(
      [
        .single(1, "9c", "9a", 1, .exceedsLimit),
        .single(2, "9a", "9c", 100, .created),
        .pending(3, "9c", "9a", 60, expires: "2024-05-31", .created),
        .single(4, "9c", "9a", 41, .exceedsLimit),
        .single(4, "9c", "9a", 40, .idAlreadyRefused),
        .single(5, "9c", "9a", 40, .created),
        .pending(6, "9c", "9a", 1, expires: "2024-05-31", .exceedsLimit),
        .post(7, of: 3, 50, .created),
        .single(8, "9c", "9a", 10, .created),
        .single(9, "9c", "9a", 1, .exceedsLimit),
        .pending(10, "9a", "9d", 1, expires: "2024-05-31", .exceedsLimit),
        .single(11, "9d", "9a", 10, .created),
        .pending(12, "9a", "9d", 10, expires: "2024-05-31", .created),
        .single(13, "9a", "9d", 1, .exceedsLimit),
        .void(14, of: 12, .created),
        .single(15, "9a", "9d", 10, .created),
      ], fund)
    #expect(fund.balances("pool.9c") == Balances(debitsPosted: 100, creditsPosted: 100))
    #expect(fund.balances("pool.9d") == Balances(debitsPosted: 10, creditsPosted: 10))
  }

  @Test func `a pending transfer ends exactly once`() throws {
    let fund = try bench()
    try check(
      [
        .pending(1, "9a", "9b", 100, expires: "2024-04-30", .expiryInvalid),
        .pending(1, "9a", "9b", 100, expires: "2024-05-10", .created),
        .pending(1, "9a", "9b", 100, expires: "2024-05-10", .exists),
        .pending(1, "9a", "9b", 100, expires: "2024-05-11", .existsWithDifferentFields),
        .post(2, of: 99, nil, .pendingNotFound),
        .post(3, of: 1, 101, .exceedsPendingAmount),
        .post(3, of: 1, 70, .created),
        .post(3, of: 1, 70, .exists),
        .post(3, of: 1, 71, .existsWithDifferentAmount),
        .post(4, of: 1, 30, .alreadyPosted),
        .void(5, of: 1, .alreadyPosted),
        .post(6, of: 3, nil, .notPending),
        .pending(7, "9a", "9b", 5, expires: "2024-05-10", .created),
        .void(8, of: 7, .created),
        .void(8, of: 7, .exists),
        .post(9, of: 7, nil, .alreadyVoided),
        .pending(10, "9a", "9b", 5, expires: "2024-05-10", .created),
        .post(11, of: 10, nil, on: "2024-05-11", .expired),
        .post(12, of: 10, nil, on: "2024-05-10", .created),
      ], fund)
    #expect(fund.balances("pool.9a") == Balances(debitsPosted: 75))
    #expect(fund.balances("pool.9b") == Balances(creditsPosted: 75))
  }

  @Test func `totals that would not fit 64 bits are refused and leave nothing behind`() throws {
    let fund = try bench()
    try check(
      [
        .single(1, "9a", "9b", .max, .created),
        .single(2, "9a", "9b", 1, .overflow),
        .legs(3, [("9a", .min), ("9b", .max)], .legInvalid),
        .legs(4, [("9c", .max), ("9d", .max), ("9b", -2)], .overflow),
        .single(5, "9b", "9a", .max, .created),
      ], fund)
    #expect(fund.balances("pool.9a") == Balances(debitsPosted: .max, creditsPosted: .max))
  }

  @Test func `a linked chain is recorded whole or not at all`() throws {
    let fund = try bench()
    func draft(_ number: Int, _ debit: String, _ credit: String, _ amount: Int64, linked: Bool) -> TransferDraft {
      TransferDraft(
        id: Fixture.ulid(number), linked: linked,
        .single(.clearing, [LegDraft("pool.\(debit)", amount), LegDraft("pool.\(credit)", -amount)]), on: Self.day)
    }
    let before = fund.transfers.count
    let results = try fund.run(
      CreateTransfers([
        draft(1, "9a", "9b", 1, linked: false),
        draft(2, "9a", "9b", 2, linked: true), draft(3, "9c", "9b", 4, linked: true),
        draft(4, "9a", "9b", 8, linked: false),
        draft(5, "9a", "9c", 16, linked: true), draft(6, "9c", "9b", 16, linked: false),
        draft(7, "9a", "9b", 32, linked: true),
      ]))
    #expect(
      results.map(\.status) == [
        .created, .linkedTransferRefused, .exceedsLimit, .linkedTransferRefused, .created, .created, .linkedChainOpen,
      ])
    #expect(fund.transfers.count == before + 3)
    #expect(fund.balances("pool.9b") == Balances(creditsPosted: 17))
    // Of the refused chain only the one that was refused itself stays refused.
    let again = try fund.run(
      CreateTransfers([draft(2, "9a", "9b", 2, linked: false), draft(3, "9a", "9b", 4, linked: false)]))
    #expect(again.map(\.status) == [.created, .idAlreadyRefused])
  }

  @Test func `a batch of none or too many is refused as a whole`() throws {
    let fund = try bench()
    let one = TransferDraft(id: Fixture.ulid(1), .refused(.phaseInvalid), on: Self.day)
    #expect(refusal { try fund.run(CreateTransfers([])) }?.reason == .batchTooLarge)
    #expect(
      refusal { try fund.run(CreateTransfers(Array(repeating: one, count: Ledger.maximumBatch + 1))) }?.reason
        == .batchTooLarge)
  }

  @Test func `no template lets a direct transfer take money out of a pool`() {
    for template in PostingTemplate.allCases where template.shape.access == .direct {
      #expect(!template.shape.credits.contains(.cash), "\(template)")
    }
  }

  @Test func `a ULID survives packing, anything else is refused`() throws {
    for text in ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "00000000000000000000000000", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"] {
      #expect(try TransferID(text, field: "id").text == text)
    }
    for text in [
      "", "01ARZ3NDEKTSV4RRFFQ69G5FA", "81ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAI",
      "01arz3ndektsv4rrffq69g5fav",
    ] {
      #expect(throws: DomainError.self) { try TransferID(text, field: "id") }
    }
  }
}
