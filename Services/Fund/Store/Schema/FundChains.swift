import Kernel
package import Storage

/// The hash chains of the fund's store besides its event log.
package enum FundChains {
  /// Every transfer in the order of its number.
  package static let transfers = ChainTable(
    chain: "fund.transfers", table: "fund_transfer", sequenceColumn: "number", hashColumn: "hash",
    contentColumns: [
      "id", "phase", "template", "legs", "amount", "business_day", "expires_day", "pending_number", "reference",
      "recorded_at",
    ],
    packed: PackedChain(
      table: "fund_chunk", firstColumn: "first", columns: [TransferChunk.columns], entries: entries))

  /// A row that cannot be read has no entries that would fit.
  @Sendable private static func entries(_ row: Row) throws -> [PackedChain.Entry] {
    do {
      let chunk = try TransferChunk.Reader(row)
      return try (chunk.first...chunk.last).map { number in
        PackedChain.Entry(
          content: LedgerRows.content(try chunk.transfer(number) { _ in "" }, at: chunk.recordedAt),
          hash: try chunk.storedHash(number))
      }
    } catch is DomainError {
      return []
    }
  }

  package static let all = [transfers]
}
