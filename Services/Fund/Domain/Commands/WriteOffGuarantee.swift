package import Kernel

/// Writes off the pool's own part of what cannot be recovered, as another officer proposed. Who claimed and who paid write
/// nothing off.
package struct WriteOffGuarantee: FundCommand {
  package var guarantee: String
  package var reason: String
  package var businessDate: BusinessDate

  package init(guarantee: String, reason: String, businessDate: BusinessDate) {
    self.guarantee = guarantee
    self.reason = reason
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Guarantee {
    try Field.text(reason, "reason", 1...FundLimits.reasonLength)
    var guarantee = try fund.guarantee(guarantee)
    guard guarantee.state == .compensated, let claim = guarantee.claim, let paidOn = claim.paidOn else {
      throw DomainError(
        .stateConflict, "\(guarantee.name) is \(guarantee.state) and cannot be written off",
        metadata: ["resource": guarantee.name, "state": "\(guarantee.state)"])
    }
    let hands = [claim.maker, claim.checker].compactMap { $0 }
    try fund.controlProposed(.writeOff, guarantee.controlled(after: hands, reason: reason, on: businessDate), context)
    try guarantee.requireOrder(businessDate, after: paidOn)
    try guarantee.step(to: .writtenOff, at: context.now)
    let loss = try fund.writeOff(&guarantee, claim, on: businessDate)
    guarantee.remark = reason
    fund.save(guarantee)
    fund.emit(.guaranteeWrittenOff, guarantee, amount: loss, on: businessDate)
    return guarantee
  }
}

extension FundTransaction {
  /// - Returns: the loss, the pool's part not recovered.
  func writeOff(_ guarantee: inout Guarantee, _ claim: Claim, on date: BusinessDate) throws -> Int64 {
    let loss = claim.borne.guarantor - claim.returned.guarantor
    if loss > 0 {
      let transfer = try ledger.post(
        Postings(pool: guarantee.pool, reference: guarantee.name, on: date)
          .single(
            .claimWriteOff, debit: ChartOfAccounts.claimLoss, credit: ChartOfAccounts.subrogation, loss))
      guarantee.transfers.append(transfer.number)
    }
    guarantee.endedOn = date
    return loss
  }
}
