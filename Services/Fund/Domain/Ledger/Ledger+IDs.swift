/// What an id says that was met before: the transfer it stands for, or how what is asked under it differs.
extension Ledger {
  mutating func existing(_ draft: TransferDraft) throws -> TransferResult? {
    guard let id = draft.id else { return nil }
    if !refused.isEmpty && refused.contains(id) { return TransferResult(.idAlreadyRefused) }
    if made[id] == nil {
      if let lookup, lookup.range.contains(id), lookup.known.isEmpty || !lookup.known.contains(id) { return nil }
      if try source.isRefused(id) { return TransferResult(.idAlreadyRefused) }
    }
    guard let transfer = try transfer(id: id) else { return nil }
    return TransferResult(try compare(draft, with: transfer), number: transfer.number)
  }

  mutating func compare(_ draft: TransferDraft, with transfer: Transfer) throws -> TransferStatus {
    guard draft.businessDate == transfer.businessDate else { return .existsWithDifferentFields }
    switch draft.action {
    case .single(let template, let legs):
      guard transfer.phase == .single, draft.reference == transfer.reference else { return .existsWithDifferentFields }
      return try compare(template, legs, with: transfer)
    case .pending(let template, let legs, let expiresOn):
      guard transfer.phase == .pending, expiresOn == transfer.expiresOn, draft.reference == transfer.reference else {
        return .existsWithDifferentFields
      }
      return try compare(template, legs, with: transfer)
    case .post(let reference, let amount):
      guard transfer.phase == .postPending, try number(of: reference) == transfer.pendingNumber else {
        return .existsWithDifferentFields
      }
      let wanted = try amount ?? pending(number: transfer.pendingNumber)?.transfer.amount
      return wanted == transfer.amount ? .exists : .existsWithDifferentAmount
    case .void(let reference), .expire(let reference):
      let isSame = try number(of: reference) == transfer.pendingNumber && !transfer.phase.posts
      return isSame ? .exists : .existsWithDifferentFields
    case .refused: return .existsWithDifferentFields
    }
  }

  mutating func compare(
    _ template: PostingTemplate?, _ drafts: [LegDraft], with transfer: Transfer
  ) throws -> TransferStatus {
    guard template == transfer.template else { return .existsWithDifferentFields }
    var legs: [Leg] = []
    for draft in drafts {
      guard let number = try account(id: draft.account)?.number else { return .existsWithDifferentAccounts }
      legs.append(Leg(account: number, amount: draft.amount))
    }
    guard legs.map(\.account) == transfer.legs.map(\.account) else { return .existsWithDifferentAccounts }
    return legs == transfer.legs ? .exists : .existsWithDifferentAmount
  }

  mutating func number(of reference: TransferDraft.PendingReference) throws -> Int64? {
    switch reference {
    case .number(let number): number
    case .id(let id): try transfer(id: id)?.number
    }
  }

  func transfer(id: TransferID) throws -> Transfer? {
    try made[id].map { recorded[$0] } ?? source.transfer(id: id)
  }

  /// Which ids of a stretch are taken.
  struct IDLookup {
    var range: ClosedRange<TransferID>
    var known: Set<TransferID>
  }

  /// Ids sort by time, so those of a batch are a short stretch of all there are: one look at it instead of one an id.
  mutating func lookUp(_ batch: [TransferDraft]) throws {
    lookup = nil
    let ids = batch.compactMap(\.id)
    guard ids.count >= Self.lookupLeast, let first = ids.min(), let last = ids.max() else { return }
    made.reserveCapacity(made.count + ids.count)
    if let known = try source.takenIDs(in: first...last, atMost: 4 * ids.count) {
      lookup = IDLookup(range: first...last, known: known)
    }
  }
}
