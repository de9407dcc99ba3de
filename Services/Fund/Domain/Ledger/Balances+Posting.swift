extension Balances {
  /// Adds a leg to the posted totals: positive debits, negative credits.
  mutating func post(_ amount: Int64, leg: Int) throws(TransferRefusal) {
    if amount > 0 {
      debitsPosted = try Self.sum(debitsPosted, amount, leg)
    } else {
      creditsPosted = try Self.sum(creditsPosted, -amount, leg)
    }
  }

  /// Adds a leg to the pending totals.
  mutating func reserve(_ amount: Int64, leg: Int) throws(TransferRefusal) {
    if amount > 0 {
      debitsPending = try Self.sum(debitsPending, amount, leg)
    } else {
      creditsPending = try Self.sum(creditsPending, -amount, leg)
    }
  }

  /// Takes a reserved leg off the pending totals.
  mutating func release(_ amount: Int64, leg: Int) throws(TransferRefusal) {
    if amount > 0 {
      debitsPending = try Self.difference(debitsPending, amount, leg)
    } else {
      creditsPending = try Self.difference(creditsPending, -amount, leg)
    }
  }

  private static func sum(_ total: Int64, _ amount: Int64, _ leg: Int) throws(TransferRefusal) -> Int64 {
    let (sum, overflow) = total.addingReportingOverflow(amount)
    if overflow { throw TransferRefusal(.overflow, leg: leg) }
    return sum
  }

  private static func difference(_ total: Int64, _ amount: Int64, _ leg: Int) throws(TransferRefusal) -> Int64 {
    if amount > total { throw TransferRefusal(.overflow, leg: leg) }
    return total - amount
  }
}
