package import Storage

/// The hash chains of the fund's store besides its event log.
package enum FundChains {
  /// Every transfer in the order of its number.
  package static let transfers = ChainTable(
    chain: "fund.transfers", table: "fund_transfer", sequenceColumn: "number", hashColumn: "hash",
    contentColumns: [
      "id", "phase", "template", "legs", "amount", "business_day", "expires_day", "pending_number", "reference",
      "recorded_at",
    ])

  package static let all = [transfers]
}
