import FundAPI
import FundDomain
import FundStore
import Kernel
import Protos
import Storage
import SwiftProtobuf
import Testing

/// Long batches are kept many transfers to a row. Nothing but the room they take may tell.
@Suite struct ChunkTests {
  private func fund() async throws -> StoreFund {
    let fund = try StoreFund(Fixture.noRules())
    try await fund.run(Fixture.pool())
    for code in ["9a", "9b", "9c"] {
      try await fund.run(
        CreateAccount(pool: "pool", code: code, displayName: code, normalSide: .debit, limit: .none))
    }
    return fund
  }

  private func draft(_ id: Int, _ amount: Int64 = 7) -> TransferDraft {
    let other = id.isMultiple(of: 3) ? "pool.9b" : "pool.9c"
    return TransferDraft(
      id: Fixture.ulid(id),
      .single(.clearing, [LegDraft("pool.9a", amount + Int64(id)), LegDraft(other, -amount - Int64(id))]),
      on: Fixture.day("2024-05-\(10 + id % 7)"), reference: id.isMultiple(of: 5) ? "guarantees/号-\(id)" : "")
  }

  private func chunks(_ fund: StoreFund) async throws -> Int64 {
    try await fund.store.read { session in
      try session.first("SELECT COUNT(*) FROM fund_chunk") { try $0.int64(0) } ?? 0
    }
  }

  @Test func `a batch is what its transfers would be one by one`() async throws {
    let (batch, single) = (try await fund(), try await fund())
    for start in [0, 300] {
      let drafts = (start + 1...start + 300).map { draft($0) }
      let results = try await batch.run(CreateTransfers(drafts))
      #expect(results.allSatisfy { $0.status == .created })
      for draft in drafts { try await single.run(CreateTransfers([draft])) }
      // Something else in between: rows and chunks take turns.
      for fund in [batch, single] { try await fund.run(CreateTransfers([draft(10_000 + start)])) }
    }
    #expect(try await chunks(batch) == 2)
    #expect(try await chunks(single) == 0)
    let (left, right) = (batch.repository, single.repository)
    let edges: [Int64] = [1, 2, 128, 129, 130, 256, 257, 301, 302, 303, 430, 602, 603]
    for number in edges + stride(from: Int64(5), to: 600, by: 13) {
      #expect(try await left.transfer(number: number) == right.transfer(number: number), "\(number)")
      for account in ["pool.9a", "pool.9b"] {
        let point = BalancePoint.transfer(number)
        let (one, other) = (
          try await left.balances(of: account, at: point), try await right.balances(of: account, at: point)
        )
        #expect(one.balances == other.balances, "\(account) after \(number)")
      }
    }
    for id in [1, 2, 128, 129, 300, 301, 600, 10_300] {
      #expect(
        try await left.transfer(id: Fixture.ulid(id)) == right.transfer(id: Fixture.ulid(id)), "\(id)")
    }
    for number in [1, 2, 130, 301, 303, 602] as [Int64] {
      #expect(
        try await left.inclusionProof(of: number, treeSize: 602)
          == right.inclusionProof(of: number, treeSize: 602))
    }
    for (account, after) in [(String?.none, Int64(0)), (nil, 250), (nil, 299), ("pool.9b", 0), ("pool.9b", 297)] {
      let one = try await left.transfers(touching: account, after: after, limit: 120)
      let other = try await right.transfers(touching: account, after: after, limit: 120)
      #expect(one.items == other.items && one.next == other.next, "\(account ?? "all") after \(after)")
    }
    let (from, to) = (Fixture.day("2024-05-11"), Fixture.day("2024-05-14"))
    #expect(
      try await left.statement(of: "pool.9a", from: from, to: to)
        == right.statement(of: "pool.9a", from: from, to: to))
    let (one, other) = (try await left.verify(.transfers), try await right.verify(.transfers))
    #expect(one == other && one.firstBadSequence == nil && one.entries == 603)
    #expect(try await batch.store.check(FundChains.all).isSound)
  }

  @Test func `what a chunk holds exists`() async throws {
    let fund = try await fund()
    try await fund.run(CreateTransfers((1...64).map { draft($0 * 2) }))
    let again = try await fund.run(CreateTransfers((1...64).map { draft($0 * 2) }))
    #expect(again.map(\.status) == [TransferStatus](repeating: .exists, count: 64))
    #expect(again.map(\.number) == Array(2...65))
    #expect(try await fund.run(CreateTransfers([draft(20)])).map(\.status) == [.exists])
    #expect(try await fund.run(CreateTransfers([draft(20, 8)])).map(\.status) == [.existsWithDifferentAmount])
    #expect(try await fund.run(CreateTransfers([draft(21)])).map(\.status) == [.created])
    let void = TransferDraft(id: Fixture.ulid(900), .void(.id(Fixture.ulid(20))), on: Fixture.day("2024-05-20"))
    #expect(try await fund.run(CreateTransfers([void])).map(\.status) == [.notPending])
    let proposal = ProposeReversal(
      transfer: 11, reason: .duplicate, note: "twice", businessDate: Fixture.day("2024-06-01"))
    try await fund.run(proposal, by: Fixture.checker)
    try await fund.run(ApproveReversal(transfer: 11, businessDate: Fixture.day("2024-06-01")))
    #expect(try await fund.repository.verify(.transfers).firstBadSequence == nil)
  }

  @Test func `ids between those of a chunk make rows`() async throws {
    let fund = try await fund()
    try await fund.run(CreateTransfers((1...64).map { draft($0 * 2) }))
    let between = try await fund.run(CreateTransfers((1...64).map { draft($0 * 2 + 1) }))
    #expect(between.allSatisfy { $0.status == .created })
    #expect(try await chunks(fund) == 1)
    // Both are found again, mixed in one batch with new ones.
    let mixed = try await fund.run(CreateTransfers((1...140).map { draft($0) }))
    #expect(mixed.filter { $0.status == .exists }.count == 128)
    #expect(mixed.filter { $0.status == .created }.count == 12)
    #expect(try await fund.repository.verify(.transfers).firstBadSequence == nil)
  }

  @Test func `pending transfers keep their rows`() async throws {
    let fund = try await fund()
    var drafts = (1...40).map { draft($0) }
    drafts[20].action = .pending(
      .clearing, [LegDraft("pool.9a", 5), LegDraft("pool.9b", -5)], expiresOn: Fixture.day("2024-12-31"))
    try await fund.run(CreateTransfers(drafts))
    #expect(try await chunks(fund) == 0)
    let posted = TransferDraft(
      id: Fixture.ulid(99), .post(.id(Fixture.ulid(21)), amount: nil), on: Fixture.day("2024-06-01"))
    #expect(try await fund.run(CreateTransfers([posted])).map(\.status) == [.created])
  }

  @Test(arguments: [
    "UPDATE fund_chunk SET recorded_at = recorded_at + 1", "UPDATE fund_chunk SET ids = zeroblob(length(ids))",
    "UPDATE fund_chunk SET body = zeroblob(length(body))", "UPDATE fund_chunk SET hashes = zeroblob(length(hashes))",
    "UPDATE fund_chunk SET body = x'01'", "DELETE FROM fund_chunk",
  ]) func `a changed chunk is named`(sql: String) async throws {
    let fund = try await fund()
    try await fund.run(CreateTransfers([draft(1)]))
    try await fund.run(CreateTransfers((2...200).map { draft($0) }))
    try await fund.run(CreateTransfers([draft(300)]))
    try await fund.tamper(sql)
    #expect(try await fund.repository.verify(.transfers).firstBadSequence == 3)
    #expect(try await !fund.store.check(FundChains.all).isSound)
  }

  @Test func `of a long chunk the first part that does not fit is named`() async throws {
    let fund = try await fund()
    try await fund.run(CreateTransfers((1...400).map { draft($0) }))
    // The third hash that is stored is that of transfer 2 + 383.
    try await fund.tamper("UPDATE fund_chunk SET hashes = CAST(substr(hashes, 1, 64) || zeroblob(64) AS BLOB)")
    #expect(try await fund.repository.verify(.transfers).firstBadSequence == 2 + 256)
  }

  // MARK: Bytes

  private func wire(_ count: Int) -> Huirong_Fund_V1_CreateTransfersRequest {
    .with { request in
      request.requestID = "r-1"
      request.transfers = (1...count).map { id in
        .with {
          $0.id = Fixture.ulid(id).text
          $0.linked = id.isMultiple(of: 4)
          $0.phase = id.isMultiple(of: 7) ? .pending : .single
          if id.isMultiple(of: 7) { $0.expiresOn = .with { ($0.year, $0.month, $0.day) = (2024, 12, 31) } }
          $0.template = "clearing"
          $0.businessDate = .with { ($0.year, $0.month, $0.day) = (2024, 5, Int32(1 + id % 28)) }
          $0.reference = id.isMultiple(of: 5) ? "guarantees/号" : ""
          for (account, amount) in [("accounts/pool.9a", Int64(id)), ("accounts/pool.9\(id)", -Int64(id))] {
            $0.legs.append(
              .with {
                $0.account = account
                $0.amountMinor = amount
              })
          }
        }
      }
    }
  }

  @Test func `a batch is read from its bytes as it is from its message`() throws {
    let message = wire(100)
    let batch = try TransferBatch(serializedBytes: message.serializedBytes() as [UInt8])
    let drafts = try #require(batch.drafts())
    #expect(try drafts == FundService.drafts(message.transfers))
    #expect(batch.requestID == "r-1")
    #expect(try batch.message() == message)
    var (keyless, wireless) = (batch, message)
    keyless.requestID = ""
    wireless.requestID = ""
    #expect(try keyless.serializedBytes() as [UInt8] == wireless.serializedBytes() as [UInt8])
  }

  @Test func `posts and voids are read from bytes too`() throws {
    let message = Huirong_Fund_V1_CreateTransfersRequest.with {
      $0.requestID = "r"
      for (phase, amount) in [
        (Huirong_Fund_V1_TransferPhase.postPending, Int64(5)), (.postPending, 0), (.voidPending, 0),
      ] {
        $0.transfers.append(
          .with {
            $0.id = Fixture.ulid(1).text
            $0.phase = phase
            $0.pendingID = Fixture.ulid(2).text
            $0.postAmountMinor = amount
            $0.businessDate = .with { ($0.year, $0.month, $0.day) = (2024, 5, 1) }
          })
      }
    }
    let batch = try TransferBatch(serializedBytes: message.serializedBytes() as [UInt8])
    #expect(try batch.drafts() == FundService.drafts(message.transfers))
  }

  @Test(arguments: [
    "another order", "an unknown field", "a default", "a long number", "a wrong id", "a wrong day", "no transfers",
    "bytes that are no text", "a wrong account", "an early end",
  ]) func `what is not in canonical form takes the other way`(what: String) throws {
    let message = wire(3)
    var bytes: [UInt8] = try message.serializedBytes()
    switch what {
    case "another order": bytes = Array(bytes[5...]) + Array(bytes[..<5])
    case "an unknown field": bytes += [0x1A, 0x00]
    case "a default": bytes += [0x12, 0x02, 0x10, 0x00]
    case "a long number": bytes += [0x12, 0x82, 0x00, 0x10, 0x01]
    case "a wrong id": bytes[bytes.firstIndex(of: 26).map { $0 + 1 } ?? 0] = UInt8(ascii: "Z")
    case "a wrong day":
      var wrong = message
      wrong.transfers[1].businessDate.month = 13
      bytes = try wrong.serializedBytes()
    case "no transfers": bytes = Array(bytes[..<5])
    case "bytes that are no text":
      var wrong = message
      wrong.transfers[1].reference = "xy"
      bytes = try wrong.serializedBytes()
      let place = try #require(bytes.indices.last { bytes[$0...].starts(with: Array("xy".utf8)) })
      bytes[place] = 0xFF
    case "a wrong account":
      var wrong = message
      wrong.transfers[2].legs[0].account = "accounts/poo/l"
      bytes = try wrong.serializedBytes()
    default: bytes.removeLast()
    }
    let batch = try? TransferBatch(serializedBytes: bytes)
    #expect(batch?.drafts() == nil)
  }

  @Test func `results are written as their message writes them`() throws {
    let results = TransferStatus.allCases.enumerated().map { index, status in
      TransferResult(status, number: index.isMultiple(of: 2) ? 0 : 1 << Int64(index), leg: index % 3 - 1)
    }
    let message = Huirong_Fund_V1_CreateTransfersResponse.with {
      $0.results = results.map { result in
        .with {
          $0.status = .init(rawValue: Int(result.status.rawValue)) ?? .unspecified
          $0.number = result.number
          $0.leg = Int32(result.leg)
        }
      }
    }
    #expect(try TransferBatchResults(results).serializedBytes() as [UInt8] == message.serializedBytes() as [UInt8])
  }
}
