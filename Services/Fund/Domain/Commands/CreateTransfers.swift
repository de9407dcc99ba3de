import Kernel

/// Makes transfers in open templates; the answer is typed, one result a transfer.
package struct CreateTransfers: FundCommand {
  package var transfers: [TransferDraft]

  package init(_ transfers: [TransferDraft]) { self.transfers = transfers }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> [TransferResult] {
    guard (1...Ledger.maximumBatch).contains(transfers.count) else {
      throw DomainError(
        .batchTooLarge, "a batch holds 1 to \(Ledger.maximumBatch) transfers, not \(transfers.count)",
        field: "transfers")
    }
    var guarded = transfers
    for index in guarded.indices where Self.isReserved(guarded[index].action) {
      guarded[index].action = .refused(.templateReserved)
    }
    return try fund.ledger.apply(guarded)
  }

  /// A template that belongs to a product is refused here, before the ledger would accept it.
  private static func isReserved(_ action: TransferDraft.Action) -> Bool {
    switch action {
    case .single(let template, _), .pending(let template, _, _): template?.shape.access == .product
    case .post, .void, .expire, .refused: false
    }
  }
}
