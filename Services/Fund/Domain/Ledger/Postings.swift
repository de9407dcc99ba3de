package import Kernel

/// Builds the transfers of one product step in one pool.
package struct Postings: Sendable {
  package let pool: String
  package let reference: String
  package let businessDate: BusinessDate

  package init(pool: String, reference: String, on businessDate: BusinessDate) {
    self.pool = pool
    self.reference = reference
    self.businessDate = businessDate
  }

  func leg(_ code: String, _ amount: Int64) -> LegDraft { LegDraft(AccountID.make(pool: pool, code: code), amount) }

  /// One debit, one credit.
  func single(_ template: PostingTemplate, debit: String, credit: String, _ amount: Int64) -> TransferDraft {
    draft(.single(template, [leg(debit, amount), leg(credit, -amount)]))
  }

  /// Several legs; those of zero are left out.
  func single(_ template: PostingTemplate, _ legs: [(code: String, amount: Int64)]) -> TransferDraft {
    draft(.single(template, legs.filter { $0.amount != 0 }.map { leg($0.code, $0.amount) }))
  }

  func pending(
    _ template: PostingTemplate, debit: String, credit: String, _ amount: Int64, expiresOn: BusinessDate
  ) -> TransferDraft {
    draft(.pending(template, [leg(debit, amount), leg(credit, -amount)], expiresOn: expiresOn))
  }

  /// Posts a reservation in full, or that much of it.
  func post(_ reservation: Int64, amount: Int64? = nil) -> TransferDraft {
    draft(.post(.number(reservation), amount: amount))
  }

  func void(_ reservation: Int64) -> TransferDraft { draft(.void(.number(reservation))) }

  func expire(_ reservation: Int64) -> TransferDraft { draft(.expire(.number(reservation))) }

  private func draft(_ action: TransferDraft.Action) -> TransferDraft {
    TransferDraft(action, on: businessDate, reference: reference)
  }
}
