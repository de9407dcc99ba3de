import DemandDomain
import Kernel

/// A demand as somebody who has only read the documentation would keep it on a sheet of paper. Nothing here is shared
/// with the code under test but the vocabulary of commands, states and reasons.
struct PaperDemand {
  var state = DemandState.submitted
  var hardFirm: Bool
  var open = false
  /// Institution → whether it has declined.
  var banks: [String: Bool] = [:]
  var pushedOnce = false
  var holder: String?
  var offered: Int64 = 0
  var signed: Int64 = 0
  var revolving = false
  var paid: Int64 = 0
  var payments = 0
  var wanted: Int64
  var seen: Set<DemandState> = [.submitted]

  enum Step {
    case judge(again: Bool)
    case push(open: Bool, to: [String])
    case claim(String)
    case offer(String, Int64)
    case sign(String, Int64, revolving: Bool)
    case pay(String, Int64)
    case close
    case decline(String)
    case withdraw
    /// Whether the business day lies after the last day.
    case expire(late: Bool)
  }

  private static let refuses: ErrorReason = .stateConflict
  private static let ledger: [Role] = [.gridWorker, .regulator, .operator, .service]
  private static let lenders: [Role] = [.institution, .operator, .service]

  /// Does the step, or says why not.
  mutating func take(_ step: Step, by caller: Caller, sameFirm: Bool, inRegion: Bool) -> ErrorReason? {
    if caller.role == .enterprise {
      if !sameFirm { return .outOfScope }
    } else if !inRegion && !(caller.role == .institution && banks[caller.organisation] != nil) {
      return .outOfScope
    }
    let refusal = refusal(step, caller)
    if refusal == nil { seen.insert(state) }
    return refusal
  }

  private mutating func refusal(_ step: Step, _ caller: Caller) -> ErrorReason? {
    switch step {
    case .judge(let again):
      guard state == (again ? .hard : .submitted) else { return Self.refuses }
      guard Self.ledger.contains(caller.role) else { return .roleNotAllowed }
      state = hardFirm ? .hard : .assessed
      return nil
    case .push(let open, let to): return push(open: open, to: to, caller)
    case .claim(let bank): return claim(bank, caller)
    case .offer(let bank, let amount):
      guard state == .claimed || state == .offered else { return Self.refuses }
      if let reason = act(bank, caller) { return reason }
      offered = amount
      state = .offered
      return nil
    case .sign(let bank, let amount, let revolving):
      guard state == .offered else { return Self.refuses }
      if let reason = act(bank, caller) { return reason }
      guard amount <= offered else { return .limitExceeded }
      signed = amount
      self.revolving = revolving
      state = .signed
      return nil
    case .pay(let bank, let amount):
      guard state == .signed || state == .disbursed else { return Self.refuses }
      if let reason = act(bank, caller) { return reason }
      guard payments < 400, revolving || paid + amount <= signed else { return .limitExceeded }
      paid += amount
      payments += 1
      state = .disbursed
      return nil
    case .close:
      guard state == .disbursed else { return Self.refuses }
      guard Self.ledger.contains(caller.role) else { return .roleNotAllowed }
      state = .closed
      return nil
    case .decline(let bank): return decline(bank, caller)
    case .withdraw:
      guard ![.disbursed, .closed, .withdrawn, .expired].contains(state) else { return Self.refuses }
      guard [.enterprise, .gridWorker, .operator, .service].contains(caller.role) else { return .roleNotAllowed }
      state = .withdrawn
      return nil
    case .expire(let late):
      guard ![.disbursed, .closed, .withdrawn, .expired].contains(state) else { return Self.refuses }
      guard [.operator, .service].contains(caller.role) else { return .roleNotAllowed }
      guard late else { return .policyConditionFailed }
      state = .expired
      return nil
    }
  }

  /// Who acts: an institution for itself, the house for the one it names.
  private func actor(_ bank: String, _ caller: Caller) -> (String?, ErrorReason?) {
    if caller.role == .institution {
      return bank.isEmpty || bank == caller.organisation ? (caller.organisation, nil) : (nil, .outOfScope)
    }
    return bank.isEmpty ? (nil, .requiredFieldMissing) : (bank, nil)
  }

  private func act(_ bank: String, _ caller: Caller) -> ErrorReason? {
    guard Self.lenders.contains(caller.role) else { return .roleNotAllowed }
    let (who, reason) = actor(bank, caller)
    if let reason { return reason }
    return who == holder ? nil : .alreadyClaimed
  }

  private mutating func push(open: Bool, to: [String], _ caller: Caller) -> ErrorReason? {
    guard [.assessed, .pushed, .declined].contains(state) else { return Self.refuses }
    guard Self.ledger.contains(caller.role) else { return .roleNotAllowed }
    if to.isEmpty && (!open || (pushedOnce && self.open)) { return .requiredFieldMissing }
    if to.contains(where: { banks[$0] != nil }) { return .invalidArgument }
    for bank in to { banks[bank] = false }
    self.open = open
    pushedOnce = true
    state = .pushed
    return nil
  }

  private mutating func claim(_ bank: String, _ caller: Caller) -> ErrorReason? {
    guard state == .pushed else { return holder == nil ? Self.refuses : .alreadyClaimed }
    guard Self.lenders.contains(caller.role) else { return .roleNotAllowed }
    let (who, reason) = actor(bank, caller)
    guard let who else { return reason }
    if banks[who] == true { return .stateConflict }
    if banks[who] == nil && !open { return .outOfScope }
    banks[who] = false
    holder = who
    state = .claimed
    return nil
  }

  private mutating func decline(_ bank: String, _ caller: Caller) -> ErrorReason? {
    guard [.pushed, .claimed, .offered, .signed].contains(state) else { return Self.refuses }
    guard Self.lenders.contains(caller.role) else { return .roleNotAllowed }
    let (who, reason) = actor(bank, caller)
    guard let who else { return reason }
    if let holder, holder != who { return .alreadyClaimed }
    if holder == nil {
      if banks[who] == true { return .stateConflict }
      if banks[who] == nil && !open { return .outOfScope }
    }
    banks[who] = true
    holder = nil
    offered = 0
    signed = 0
    revolving = false
    state = open || banks.values.contains(false) ? .pushed : .declined
    return nil
  }
}
