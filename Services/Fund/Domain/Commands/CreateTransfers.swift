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
    return try fund.ledger.apply(transfers.map(Self.guarded))
  }

  /// A template that belongs to a product is refused here, before the ledger would accept it.
  private static func guarded(_ draft: TransferDraft) -> TransferDraft {
    let template: PostingTemplate?
    switch draft.action {
    case .single(let name, _), .pending(let name, _, _): template = name
    case .post, .void, .expire, .refused: template = nil
    }
    guard let template, template.shape.access == .product else { return draft }
    var refused = draft
    refused.action = .refused(.templateReserved)
    return refused
  }
}
