import FundDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_Pool: OutcomeMessage {
  init(_ view: PoolView) {
    self.init()
    let pool = view.pool
    name = pool.name
    displayName = pool.displayName
    currencyCode = pool.currency.code
    regionCode = pool.regionCode
    seedCapital = .init(pool.seedCapital, pool.currency)
    cash = .init(view.figures.cash, pool.currency)
    netAssets = .init(view.figures.netAssets, pool.currency)
    guaranteeLiability = .init(view.figures.liability, pool.currency)
    if let date = pool.lastDayEnd { lastDayEnd = .init(date) }
    createTime = .init(pool.createTime)
    updateTime = .init(pool.updateTime)
    etag = "\(pool.revision)"
    if let date = pool.closedThrough { closedThrough = .init(date) }
    sources = Sources.pool(pool.id)
  }
}

extension Huirong_Fund_V1_Balances {
  init(_ balances: Balances) {
    self.init()
    debitsPending = balances.debitsPending
    debitsPosted = balances.debitsPosted
    creditsPending = balances.creditsPending
    creditsPosted = balances.creditsPosted
  }
}

extension Huirong_Fund_V1_Account: OutcomeMessage {
  init(_ account: Account) {
    self.init()
    name = "accounts/\(account.id)"
    pool = "pools/\(account.pool)"
    code = account.code
    displayName = account.displayName
    accountClass = .init(code: account.accountClass)
    normalSide = .init(code: account.normalSide)
    currencyCode = account.currency.code
    limit = .init(code: account.limit)
    balances = .init(account.balances)
    balance = .init(account.balance)
    lastTransfer = account.lastTransfer
    createTime = .init(account.createTime)
    etag = "\(account.lastTransfer)"
    if let bound = account.bound { boundMinor = bound }
  }
}

extension Huirong_Fund_V1_Transfer {
  init(_ view: TransferView) {
    self.init()
    let transfer = view.transfer
    name = "transfers/\(transfer.number)"
    number = transfer.number
    id = transfer.id?.text ?? ""
    pool = "pools/\(transfer.pool)"
    phase = .init(code: transfer.phase)
    template = transfer.template.code
    legs = zip(transfer.legs, view.accounts).map { leg, account in
      .with {
        $0.account = "accounts/\(account)"
        $0.amountMinor = leg.amount
      }
    }
    amount = .init(transfer.amount, view.currency)
    businessDate = .init(transfer.businessDate)
    if let date = transfer.expiresOn { expiresOn = .init(date) }
    pendingNumber = transfer.pendingNumber
    if let state = view.pendingState { pendingState = .init(code: state) }
    reference = transfer.reference
    createTime = .init(view.recordedAt)
    hash = .init(view.hash)
  }
}

extension Huirong_Fund_V1_TransferResult {
  init(_ result: TransferResult) {
    self.init()
    status = .init(code: result.status)
    number = result.number
    leg = Int32(result.leg)
  }
}

extension Huirong_Fund_V1_CreateTransfersResponse: OutcomeMessage {
  init(_ results: [TransferResult]) {
    self.init()
    self.results = results.map { .init($0) }
  }
}

extension Huirong_Fund_V1_ExpireReservationsResponse: OutcomeMessage {
  init(_ report: ExpireReservations.Report) {
    self.init()
    expiredGuarantees = report.expiredGuarantees
    expiredTransfers = report.expiredTransfers
    overdueBridgeLoans = report.overdueBridgeLoans
    lapsedBridgeLoans = report.lapsedBridgeLoans
    trialBalanceDifference = report.trialBalanceDifference
  }
}

extension Huirong_Fund_V1_TrialBalance {
  init(_ trial: TrialBalance) {
    self.init()
    pool = "pools/\(trial.pool)"
    if let date = trial.businessDate { businessDate = .init(date) }
    lines = trial.lines.map { line in
      .with {
        $0.account = "accounts/\(AccountID.make(pool: trial.pool, code: line.code))"
        $0.code = line.code
        $0.displayName = line.displayName
        $0.debitsPosted = line.balances.debitsPosted
        $0.creditsPosted = line.balances.creditsPosted
        $0.debitsPending = line.balances.debitsPending
        $0.creditsPending = line.balances.creditsPending
      }
    }
    debitsPosted = trial.debitsPosted
    creditsPosted = trial.creditsPosted
    difference = trial.difference
    currencyCode = trial.currency.code
  }
}

/// Names of accounts in one request: a batch names few accounts many times, and each is checked once.
struct AccountNames {
  private var known: [String: String] = [:]

  /// - Throws: as `Wire.account`.
  mutating func id(_ name: String) throws(DomainError) -> String {
    if let id = known[name] { return id }
    let id = try Wire.account(name)
    known[name] = id
    return id
  }
}

extension TransferDraft {
  /// Form errors that concern the sender's program are errors; what a ledger refuses is a status.
  init(_ wire: Huirong_Fund_V1_TransferRequest, _ names: inout AccountNames) throws(DomainError) {
    let expiresOn = wire.hasExpiresOn ? try BusinessDate(wire.expiresOn, field: "expires_on") : nil
    guard wire.reference.utf8.count <= 96 else { throw .invalid("reference", "at most 96 bytes") }
    self.init(
      id: try TransferID(wire.id, field: "id"), linked: wire.linked,
      try Self.action(wire, expiresOn: expiresOn, &names), on: try Wire.date(wire.hasBusinessDate, wire.businessDate),
      reference: wire.reference)
  }

  private static func action(
    _ wire: Huirong_Fund_V1_TransferRequest, expiresOn: BusinessDate?, _ names: inout AccountNames
  ) throws(DomainError) -> Action {
    switch wire.phase {
    case .single, .pending:
      guard wire.pendingID.isEmpty, wire.postAmountMinor == 0 else { return .refused(.phaseInvalid) }
      let template = PostingTemplate(code: wire.template)
      if wire.phase == .pending { return .pending(template, try legs(wire, &names), expiresOn: expiresOn) }
      return expiresOn == nil ? .single(template, try legs(wire, &names)) : .refused(.expiryInvalid)
    case .postPending, .voidPending:
      if expiresOn != nil { return .refused(.expiryInvalid) }
      guard wire.legs.isEmpty else { return .refused(.legCountInvalid) }
      let pending = PendingReference.id(try TransferID(wire.pendingID, field: "pending_id"))
      if wire.phase == .postPending {
        return .post(pending, amount: wire.postAmountMinor == 0 ? nil : wire.postAmountMinor)
      }
      return wire.postAmountMinor == 0 ? .void(pending) : .refused(.phaseInvalid)
    case .unspecified, .expirePending, .UNRECOGNIZED: return .refused(.phaseInvalid)
    }
  }

  private static func legs(
    _ wire: Huirong_Fund_V1_TransferRequest, _ names: inout AccountNames
  ) throws(DomainError) -> [LegDraft] {
    var legs: [LegDraft] = []
    legs.reserveCapacity(wire.legs.count)
    for leg in wire.legs {
      do {
        legs.append(LegDraft(try names.id(leg.account), leg.amountMinor))
      } catch {
        throw error.within("legs[\(legs.count)]")
      }
    }
    return legs
  }
}
