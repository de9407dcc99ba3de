package import Kernel

/// Proposes to reverse a transfer, the maker's step.
package struct ProposeReversal: FundCommand {
  package var transfer: Int64
  package var reason: ReversalReason
  package var note: String
  package var businessDate: BusinessDate

  package init(transfer: Int64, reason: ReversalReason, note: String, businessDate: BusinessDate) {
    self.transfer = transfer
    self.reason = reason
    self.note = note
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Reversal {
    try Field.text(note, "note", 0...FundLimits.reasonLength)
    guard let original = try fund.ledger.transfer(number: transfer) else {
      throw DomainError.notFound("transfers/\(transfer)")
    }
    guard original.phase.posts, original.template.shape.access == .direct else {
      throw DomainError(
        .stateConflict, "transfers/\(transfer) is no directly posted transfer: its product corrects it",
        field: "transfer", metadata: ["template": original.template.code, "phase": "\(original.phase)"])
    }
    if businessDate < original.businessDate {
      throw DomainError.invalid("business_date", "\(businessDate) lies before the transfer of \(original.businessDate)")
    }
    let id = NumberedID.make(transfer)
    try fund.requireNew(Reversal.self, id, in: "reversals")
    let reversal = Reversal(
      id: id, pool: original.pool, transfer: transfer, reason: reason, note: note, maker: context.officer,
      state: .proposed, checker: nil, reversingTransfer: 0, businessDate: businessDate,
      stamp: RecordStamp(context.now))
    fund.save(reversal)
    return reversal
  }
}

/// Reverses a transfer by its mirror image, the checker's step.
package struct ApproveReversal: FundCommand {
  /// Number of the transfer to reverse.
  package var transfer: Int64
  package var businessDate: BusinessDate

  package init(transfer: Int64, businessDate: BusinessDate) {
    self.transfer = transfer
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Reversal {
    var reversal = try fund.record(Reversal.self, NumberedID.make(transfer), in: "reversals")
    guard reversal.state == .proposed else {
      throw DomainError(
        .stateConflict, "\(reversal.name) is \(reversal.state)", metadata: ["state": "\(reversal.state)"])
    }
    try fund.control(
      .reversal,
      ControlledCase(subject: reversal.name, pool: reversal.pool, hands: [reversal.maker], date: businessDate), context)
    if businessDate < reversal.businessDate {
      throw DomainError.invalid("business_date", "\(businessDate) lies before the proposal of \(reversal.businessDate)")
    }
    guard let original = try fund.ledger.transfer(number: transfer) else {
      throw DomainError.notFound("transfers/\(transfer)")
    }
    var legs: [LegDraft] = []
    for leg in original.legs {
      guard let account = try fund.ledger.account(number: leg.account) else {
        throw DomainError(.internal, "account \(leg.account) is missing")
      }
      legs.append(LegDraft(account.id, -leg.amount))
    }
    let posted = try fund.ledger.post(
      TransferDraft(.single(.reversal, legs), on: businessDate, reference: reversal.name))
    reversal.state = .posted
    reversal.checker = context.officer
    reversal.reversingTransfer = posted.number
    reversal.businessDate = businessDate
    reversal.stamp.touch(context.now)
    fund.save(reversal)
    fund.emit(.ledgerReversed, reversal.name, pool: reversal.pool, state: "posted", on: businessDate)
    return reversal
  }
}
