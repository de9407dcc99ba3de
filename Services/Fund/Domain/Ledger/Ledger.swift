package import Kernel

/// The double-entry core: applies transfers to accounts and says for each what became of it.
///
/// A value over a source: it reads what it needs once, keeps the changed accounts and the new transfers, and leaves
/// persisting them to the store. Invariants, each with a test:
/// 1. the legs of a transfer sum to zero, so Σ debits = Σ credits, posted and pending alike, over every pool;
/// 2. no total is ever negative or wraps;
/// 3. an account's limit holds after every transfer, pending amounts counted;
/// 4. a recorded transfer never changes, and a pending one ends exactly once;
/// 5. a linked chain is recorded whole or not at all.
package struct Ledger {
  /// Legs of one transfer. Five liability parties, cash and two incomes fit twice over.
  package static let maximumLegs = 16
  /// Transfers of one call: about 1 MiB on the wire, and some 50 ms of the single writer.
  package static let maximumBatch = 8192
  /// Ids of a batch from which on they are looked up together.
  static let lookupLeast = 8

  let source: any LedgerSource
  /// Accounts that were met here. A place in the list changes without copying the account, which a batch does most.
  private var accounts: [Account] = []
  private var places: [Int64: Int] = [:]
  private var placesByID: [String: Int] = [:]
  /// Ids by which the accounts were asked for, and whether they were changed, by place.
  private var ids: [String] = []
  private var isChanged: [Bool] = []
  /// The place that each leg of the transfer before had: the legs of a batch name few accounts many times.
  private var recent = [Int](repeating: 0, count: Ledger.maximumLegs)
  private var pendings: [Int64: PendingTransfer] = [:]
  /// Places in `recorded` of the transfers that have an id.
  var made: [TransferID: Int] = [:]
  var lookup: IDLookup?
  var undo: [Undo] = []
  var closings: [Int64: ClosingBalances] = [:]
  /// Closing balances of bounded accounts, counted against the normal side.
  var headrooms: [Int64: ClosingBalances] = [:]
  var posted: [Int64: [PostedDay]] = [:]
  var closedBooks: [String: BusinessDate?] = [:]
  var lastBooks: (pool: String, closed: BusinessDate?)?
  package private(set) var head: LedgerHead
  /// Transfers recorded here, in order.
  package private(set) var recorded: [Transfer] = []
  /// Ids refused here for a reason that may pass.
  package private(set) var refused: Set<TransferID> = []
  package private(set) var changedAccounts: Set<Int64> = []
  package private(set) var newAccounts: [Account] = []
  package private(set) var changedPendings: Set<Int64> = []

  package init(_ source: any LedgerSource) throws {
    self.source = source
    head = try source.ledgerHead()
  }

  // MARK: Accounts

  package mutating func account(id: String) throws -> Account? {
    try place(id: id).map { accounts[$0] }
  }

  package mutating func account(number: Int64) throws -> Account? {
    try place(number: number).map { accounts[$0] }
  }

  private mutating func place(id: String, leg: Int) throws -> Int? {
    let guess = recent[leg]
    if guess < ids.count, !id.isEmpty, ids[guess] == id { return guess }
    guard let place = try place(id: id) else { return nil }
    recent[leg] = place
    return place
  }

  private mutating func place(id: String) throws -> Int? {
    if let known = placesByID[id] { return known }
    guard let found = try source.account(id: id) else { return nil }
    let place = places[found.number] ?? keep(found)
    placesByID[id] = place
    ids[place] = id
    return place
  }

  private mutating func place(number: Int64, leg: Int) throws -> Int? {
    let guess = recent[leg]
    return guess < accounts.count && accounts[guess].number == number ? guess : try place(number: number)
  }

  private mutating func place(number: Int64) throws -> Int? {
    if let known = places[number] { return known }
    return try source.account(number: number).map { keep($0) }
  }

  private mutating func keep(_ account: Account) -> Int {
    accounts.append(account)
    ids.append("")
    isChanged.append(false)
    places[account.number] = accounts.count - 1
    return accounts.count - 1
  }

  /// Opens an account with zero balances.
  /// - Throws: `RESOURCE_EXISTS`.
  @discardableResult
  package mutating func open(
    _ entry: ChartOfAccounts.Entry, pool: String, currency: Currency, bound: Int64? = nil, at now: Instant
  ) throws -> Account {
    let id = AccountID.make(pool: pool, code: entry.code)
    if try account(id: id) != nil {
      throw DomainError(.resourceExists, "accounts/\(id) exists", metadata: ["resource": "accounts/\(id)"])
    }
    head.accounts += 1
    let account = Account(
      number: head.accounts, pool: pool, code: entry.code, displayName: entry.displayName,
      accountClass: entry.accountClass, normalSide: entry.normalSide, currency: currency, limit: entry.limit,
      createTime: now, bound: bound)
    placesByID[id] = keep(account)
    newAccounts.append(account)
    return account
  }

  /// Opens one of the accounts that a pool has only when it needs them.
  mutating func openOnDemand(_ code: String, pool: String, currency: Currency, at now: Instant) throws {
    guard let entry = ChartOfAccounts.onDemand.first(where: { $0.code == code }),
      try account(id: AccountID.make(pool: pool, code: code)) == nil
    else { return }
    try open(entry, pool: pool, currency: currency, at: now)
  }

  /// Changes what limits an account from now on; the caller has checked that its totals respect it.
  mutating func limit(_ number: Int64, rule: AccountLimit, bound: Int64?) {
    guard let place = places[number] else { return }
    accounts[place].limit = rule
    accounts[place].bound = bound
    noteChange(place)
  }

  private mutating func noteChange(_ place: Int) {
    if isChanged[place] { return }
    isChanged[place] = true
    changedAccounts.insert(accounts[place].number)
  }

  package mutating func transfer(number: Int64) throws -> Transfer? {
    try recorded.first { $0.number == number } ?? source.transfer(number: number)
  }

  /// Current state of the accounts that were changed, in the order of their numbers.
  package var changed: [Account] {
    changedAccounts.sorted().compactMap { number in places[number].map { accounts[$0] } }
  }

  /// Pending transfers that were made or ended here, in the order of their numbers.
  package var endedOrMade: [PendingTransfer] { changedPendings.sorted().compactMap { pendings[$0] } }

  package mutating func pending(number: Int64) throws -> PendingTransfer? {
    if let known = pendings[number] { return known }
    guard let found = try source.pending(number: number) else { return nil }
    pendings[number] = found
    return found
  }

  // MARK: Batches

  /// Applies a batch in order. Linked chains succeed or fail whole; everything else stands alone and is not undone by
  /// anything later in the command.
  package mutating func apply(_ batch: [TransferDraft]) throws -> [TransferResult] {
    try lookUp(batch)
    var results: [TransferResult] = []
    results.reserveCapacity(batch.count)
    recorded.reserveCapacity(recorded.count + batch.count)
    let isFirst = undo.isEmpty && recorded.isEmpty
    var index = batch.startIndex
    while index < batch.endIndex {
      if !batch[index].linked {
        results.append(try attempt(batch[index]))
        index += 1
        if isFirst { undo.removeAll(keepingCapacity: true) }
        continue
      }
      var end = index
      while end < batch.endIndex && batch[end].linked { end += 1 }
      let isOpen = end == batch.endIndex
      let chain = batch[index..<(isOpen ? end : end + 1)]
      results +=
        isOpen
        ? [TransferResult](repeating: TransferResult(.linkedChainOpen), count: chain.count) : try applyChain(chain)
      index = chain.endIndex
    }
    return results
  }

  private mutating func applyChain(_ chain: ArraySlice<TransferDraft>) throws -> [TransferResult] {
    let mark = self.mark
    var results: [TransferResult] = []
    for draft in chain {
      let result = try attempt(draft)
      results.append(result)
      if result.status == .created || result.status == .exists { continue }
      rewind(to: mark)
      if let id = draft.id, result.status.isTransient { refused.insert(id) }
      let culprit = results.count - 1
      return chain.indices.enumerated().map { position, _ in
        position == culprit ? result : TransferResult(.linkedTransferRefused)
      }
    }
    return results
  }

  /// One transfer: recorded, or answered with the reason why not and no trace but a refused id.
  private mutating func attempt(_ draft: TransferDraft) throws -> TransferResult {
    let mark = self.mark
    do {
      if let existing = try existing(draft) { return existing }
      let transfer = try record(draft)
      return TransferResult(.created, number: transfer.number)
    } catch let refusal as TransferRefusal {
      rewind(to: mark)
      if let id = draft.id, refusal.status.isTransient { refused.insert(id) }
      return TransferResult(refusal.status, leg: refusal.leg)
    }
  }

  /// Posts for a product: all of it or an error.
  /// - Throws: `INSUFFICIENT_FUNDS` when cash runs short, `LIMIT_EXCEEDED`, `TRANSFER_EXPIRED`, `STATE_CONFLICT`.
  @discardableResult
  package mutating func post(_ draft: TransferDraft) throws -> Transfer {
    let mark = self.mark
    do {
      return try record(draft)
    } catch let refusal as TransferRefusal {
      rewind(to: mark)
      throw try explain(refusal, draft)
    }
  }

  /// Several postings of a product that belong together: when one throws, none is left.
  mutating func allOrNothing<R>(_ body: (inout Ledger) throws -> R) throws -> R {
    let mark = self.mark
    do {
      return try body(&self)
    } catch {
      rewind(to: mark)
      throw error
    }
  }

  private mutating func explain(_ refusal: TransferRefusal, _ draft: TransferDraft) throws -> DomainError {
    var template = "settlement"
    var account: Account?
    switch draft.action {
    case .single(let name, let legs), .pending(let name, let legs, _):
      template = name?.code ?? template
      if legs.indices.contains(refusal.leg) { account = try self.account(id: legs[refusal.leg].account) }
    case .post, .void, .expire, .refused: break
    }
    if refusal.status == .exceedsLimit, let account, account.accountClass == .cash {
      let free = account.balances.debitsPosted - account.balances.creditsPosted - account.balances.creditsPending
      return DomainError(
        .insufficientFunds,
        "pool \(account.pool) has \(Money(free, account.currency)) free, too little for \(template)",
        metadata: ["account": "accounts/\(account.id)", "free_minor_units": "\(free)", "posting": template])
    }
    return refusal.status.error(posting: template, account: account.map { "accounts/\($0.id)" })
  }

  // MARK: Undo

  enum Undo {
    case account(place: Int, Balances, lastTransfer: Int64, lastDay: BusinessDate?)
    case posted(Int64, PostedDay)
    case pendingState(Int64, PendingState)
    case pendingMade(Int64)
    case made(TransferID)
  }

  struct Mark {
    fileprivate let undo: Int
    fileprivate let recorded: Int
    fileprivate let head: LedgerHead
  }

  private var mark: Mark { Mark(undo: undo.count, recorded: recorded.count, head: head) }

  /// Back to the mark. Accounts stay in `changedAccounts`; writing an unchanged one does no harm.
  private mutating func rewind(to mark: Mark) {
    while undo.count > mark.undo, let step = undo.popLast() {
      switch step {
      case .account(let place, let balances, let last, let lastDay):
        accounts[place].balances = balances
        accounts[place].lastTransfer = last
        accounts[place].lastDay = lastDay
      case .posted(let number, let change):
        posted[number]?.removeLast()
        closings[number]?.add(-Int128(change.change), from: change.day)
        headrooms[number]?.add(-Int128(change.change), from: change.day)
      case .pendingState(let number, let state): pendings[number]?.state = state
      case .pendingMade(let number):
        pendings[number] = nil
        changedPendings.remove(number)
      case .made(let id): made[id] = nil
      }
    }
    recorded.removeLast(recorded.count - mark.recorded)
    head.transfers = mark.head.transfers
  }

  // MARK: One transfer

  private mutating func record(_ draft: TransferDraft) throws -> Transfer {
    switch draft.action {
    case .refused(let status): throw TransferRefusal(status)
    case .single(let template, let legs):
      let checked = try check(template, legs)
      try requireOpenBooks(checked.pool, draft.businessDate)
      return try enter(draft, .single, checked, expiresOn: nil, pendingNumber: 0)
    case .pending(let template, let legs, let expiresOn):
      guard let expiresOn, expiresOn >= draft.businessDate else { throw TransferRefusal(.expiryInvalid) }
      let checked = try check(template, legs)
      try requireOpenBooks(checked.pool, draft.businessDate)
      return try enter(draft, .pending, checked, expiresOn: expiresOn, pendingNumber: 0)
    case .post(let reference, let amount):
      let pending = try openPending(reference)
      if let last = pending.transfer.expiresOn, draft.businessDate > last { throw TransferRefusal(.expired) }
      try requireOpenBooks(pending.transfer.pool, draft.businessDate)
      let posted = try part(of: pending.transfer, amount)
      return try end(draft, pending.transfer, .postPending, .posted, legs: posted)
    case .void(let reference):
      let pending = try openPending(reference).transfer
      return try end(draft, pending, .voidPending, .voided, legs: pending.legs)
    case .expire(let reference):
      let pending = try openPending(reference).transfer
      guard let last = pending.expiresOn, last <= draft.businessDate else {
        throw TransferRefusal(.expiryInvalid)
      }
      return try end(draft, pending, .expirePending, .expired, legs: pending.legs)
    }
  }

  private struct CheckedLegs {
    var template: PostingTemplate
    var pool: String
    var legs: [Leg]
    var amount: Int64
  }

  /// Form, accounts and template of new legs.
  private mutating func check(_ template: PostingTemplate?, _ drafts: [LegDraft]) throws -> CheckedLegs {
    guard let template else { throw TransferRefusal(.templateUnknown) }
    guard (2...Self.maximumLegs).contains(drafts.count) else { throw TransferRefusal(.legCountInvalid) }
    let (debitable, creditable) = (template.shape.debits, template.shape.credits)
    var legs: [Leg] = []
    legs.reserveCapacity(drafts.count)
    var pool = ""
    var sum: Int128 = 0
    var debits: Int64 = 0
    for (index, draft) in drafts.enumerated() {
      guard let place = try place(id: draft.account, leg: index) else {
        throw TransferRefusal(.accountNotFound, leg: index)
      }
      if accounts[place].isClosed { throw TransferRefusal(.accountClosed, leg: index) }
      if index == 0 { pool = accounts[place].pool }
      if accounts[place].pool != pool { throw TransferRefusal(.poolsDiffer, leg: index) }
      let number = accounts[place].number
      if draft.amount == 0 || draft.amount == .min || legs.contains(where: { $0.account == number }) {
        throw TransferRefusal(.legInvalid, leg: index)
      }
      let allowed = draft.amount > 0 ? debitable : creditable
      guard allowed.contains(accounts[place].accountClass) else { throw TransferRefusal(.templateMismatch, leg: index) }
      sum += Int128(draft.amount)
      if draft.amount > 0 {
        let (next, overflow) = debits.addingReportingOverflow(draft.amount)
        if overflow { throw TransferRefusal(.overflow, leg: index) }
        debits = next
      }
      legs.append(Leg(account: number, amount: draft.amount))
    }
    if sum != 0 { throw TransferRefusal(.unbalanced) }
    return CheckedLegs(template: template, pool: pool, legs: legs, amount: debits)
  }

  private mutating func enter(
    _ draft: TransferDraft, _ phase: TransferPhase, _ checked: CheckedLegs, expiresOn: BusinessDate?,
    pendingNumber: Int64
  ) throws -> Transfer {
    let transfer = Transfer(
      number: head.transfers + 1, id: draft.id, pool: checked.pool, phase: phase, template: checked.template,
      legs: checked.legs, amount: checked.amount, businessDate: draft.businessDate, expiresOn: expiresOn,
      pendingNumber: pendingNumber, reference: draft.reference)
    for (index, leg) in checked.legs.enumerated() {
      let posting = phase == .pending ? nil : PostedDay(day: transfer.businessDate, change: leg.amount)
      try change(leg.account, transfer.number, leg: index, posting) { balances throws(TransferRefusal) in
        if phase == .pending {
          try balances.reserve(leg.amount, leg: index)
        } else {
          try balances.post(leg.amount, leg: index)
        }
      }
    }
    keep(transfer)
    if phase == .pending {
      undo.append(.pendingMade(transfer.number))
      pendings[transfer.number] = PendingTransfer(transfer: transfer, state: .open)
      changedPendings.insert(transfer.number)
    }
    return transfer
  }

  private mutating func end(
    _ draft: TransferDraft, _ pending: Transfer, _ phase: TransferPhase, _ state: PendingState, legs: [Leg]
  ) throws -> Transfer {
    let amount = legs.reduce(Int64(0)) { $0 + max(0, $1.amount) }
    let transfer = Transfer(
      number: head.transfers + 1, id: draft.id, pool: pending.pool, phase: phase, template: pending.template,
      legs: legs,
      amount: amount, businessDate: draft.businessDate, expiresOn: nil, pendingNumber: pending.number,
      reference: draft.reference.isEmpty ? pending.reference : draft.reference)
    for (index, reserved) in pending.legs.enumerated() {
      let posting =
        phase == .postPending ? PostedDay(day: transfer.businessDate, change: legs[index].amount) : nil
      try change(reserved.account, transfer.number, leg: index, posting) { balances throws(TransferRefusal) in
        try balances.release(reserved.amount, leg: index)
        if phase == .postPending { try balances.post(legs[index].amount, leg: index) }
      }
    }
    keep(transfer)
    undo.append(.pendingState(pending.number, .open))
    pendings[pending.number]?.state = state
    changedPendings.insert(pending.number)
    return transfer
  }

  private mutating func keep(_ transfer: Transfer) {
    recorded.append(transfer)
    head.transfers = transfer.number
    if let id = transfer.id {
      made[id] = recorded.count - 1
      undo.append(.made(id))
    }
  }

  /// - Parameter posting: what the transfer posts on the account, by value date; nil when it posts nothing.
  private mutating func change(
    _ number: Int64, _ transfer: Int64, leg: Int, _ posting: PostedDay?,
    _ body: (inout Balances) throws(TransferRefusal) -> Void
  ) throws {
    guard let place = try place(number: number, leg: leg) else {
      throw TransferRefusal(.accountNotFound, leg: leg)
    }
    let bound = accounts[place].bound
    let standing = bound == nil ? 0 : accounts[place].standing
    let lastDay = accounts[place].lastDay
    undo.append(
      .account(
        place: place, accounts[place].balances, lastTransfer: accounts[place].lastTransfer, lastDay: lastDay))
    // What fails from here on is put back by whoever catches it.
    try body(&accounts[place].balances)
    guard accounts[place].balances.respects(accounts[place].limit) else {
      throw TransferRefusal(.exceedsLimit, leg: leg)
    }
    if let bound, accounts[place].standing > bound, accounts[place].standing > standing {
      throw TransferRefusal(.exceedsLimit, leg: leg)
    }
    if let posting {
      if bound != nil || accounts[place].limit != .none { try checkClosings(accounts[place], posting, leg: leg) }
      if lastDay.map({ posting.day > $0 }) ?? true { accounts[place].lastDay = posting.day }
    }
    accounts[place].lastTransfer = transfer
    noteChange(place)
  }

  // MARK: Pending transfers

  private mutating func openPending(_ reference: TransferDraft.PendingReference) throws -> PendingTransfer {
    let number: Int64
    switch reference {
    case .number(let known): number = known
    case .id(let id):
      guard let transfer = try transfer(id: id) else { throw TransferRefusal(.pendingNotFound) }
      guard transfer.phase == .pending else { throw TransferRefusal(.notPending) }
      number = transfer.number
    }
    guard let pending = try pending(number: number) else { throw TransferRefusal(.pendingNotFound) }
    switch pending.state {
    case .open: return pending
    case .posted: throw TransferRefusal(.alreadyPosted)
    case .voided: throw TransferRefusal(.alreadyVoided)
    case .expired: throw TransferRefusal(.expired)
    }
  }

  /// The legs to post: all, or a part of a transfer with two legs. How a part of more legs would be spread is nobody's
  /// decision but the product's.
  private func part(of pending: Transfer, _ amount: Int64?) throws -> [Leg] {
    guard let amount, amount != pending.amount else { return pending.legs }
    guard pending.legs.count == 2, amount > 0, amount < pending.amount else {
      throw TransferRefusal(.exceedsPendingAmount)
    }
    return pending.legs.map { Leg(account: $0.account, amount: $0.amount > 0 ? amount : -amount) }
  }
}
