import DemandDomain
import Kernel

/// A demand as somebody who has only read the documentation would keep it on a sheet of paper. Nothing here is shared
/// with the code under test but the vocabulary of commands, states and reasons.
struct PaperDemand {
  var state = DemandState.submitted
  var hardFirm: Bool
  var mode = PushMode.directed
  var open: Bool { mode != .directed }
  /// A broadcast's takers and what they have offered.
  var takers: [String: Int64] = [:]
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
  /// The other banks of a joint credit.
  var members: [String: PaperMember] = [:]
  /// 0 town, 1 county, 2 city.
  var level = 0
  var paused = false
  var pauses = 0
  var contacted = false
  var notes = 0
  var planned = false
  var acknowledged: Set<String> = []

  struct PaperMember: Equatable {
    var joined = false
    var left = false
    var offered: Int64 = 0
    var signed: Int64 = 0
    var revolving = false
    var paid: Int64 = 0
  }

  enum Step {
    case judge(again: Bool)
    case push(PushMode, to: [String])
    case claim(String)
    case offer(String, Int64)
    case sign(String, Int64, revolving: Bool)
    case pay(String, Int64)
    case close
    case decline(String)
    case withdraw
    /// Whether the business day lies after the last day.
    case expire(late: Bool)
    case invite(String, member: String)
    case join(String)
    case escalate
    case plan
    case pause(String)
    case resume(String)
    case contact(String)
    case note
    case acknowledge(String)
    case reopen
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
      guard (again ? [.hard, .assessed, .declined] : [.submitted]).contains(state) else { return Self.refuses }
      guard Self.ledger.contains(caller.role) else { return .roleNotAllowed }
      if isTooLow(caller) { return .outOfScope }
      state = hardFirm ? .hard : .assessed
      return nil
    case .push(let mode, let to): return push(mode, to: to, caller)
    case .claim(let bank): return claim(bank, caller)
    case .offer(let bank, let amount):
      if state == .pushed { return tender(bank, amount, caller) }
      guard isTaken else { return Self.refuses }
      return offer(bank, amount, caller)
    case .sign(let bank, let amount, let revolving):
      if state == .pushed { return award(bank, amount, revolving, caller) }
      guard state == .offered || state == .signed || state == .disbursed else { return Self.refuses }
      return sign(bank, amount, revolving, caller)
    case .pay(let bank, let amount):
      guard state == .signed || state == .disbursed else { return Self.refuses }
      return pay(bank, amount, caller)
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
    case .invite(let bank, let member): return invite(bank, member, caller)
    case .join(let bank): return join(bank, caller)
    case .escalate:
      guard [.submitted, .assessed, .hard, .pushed, .declined].contains(state) else { return Self.refuses }
      guard Self.ledger.contains(caller.role) else { return .roleNotAllowed }
      if isTooLow(caller) { return .outOfScope }
      guard level < 2 else { return .stateConflict }
      level += 1
      return nil
    case .plan:
      guard state == .hard else { return Self.refuses }
      guard Self.ledger.contains(caller.role) else { return .roleNotAllowed }
      if isTooLow(caller) { return .outOfScope }
      planned = true
      return nil
    case .pause(let bank):
      guard [.pushed, .claimed, .offered].contains(state) else { return Self.refuses }
      if let reason = mayHold(bank, caller) { return reason }
      if paused { return .stateConflict }
      guard pauses < 20 else { return .limitExceeded }
      paused = true
      pauses += 1
      return nil
    case .resume(let bank):
      guard isTaken || state == .pushed || state == .declined else { return Self.refuses }
      if let reason = mayHold(bank, caller) { return reason }
      guard paused else { return .stateConflict }
      paused = false
      return nil
    case .contact(let bank):
      guard state == .claimed || state == .offered else { return Self.refuses }
      if let reason = act(bank, caller) { return reason }
      if contacted { return .stateConflict }
      contacted = true
      return nil
    case .note: return note(caller)
    case .acknowledge(let bank): return acknowledge(bank, caller)
    case .reopen:
      guard state == .closed else { return Self.refuses }
      guard caller.role == .regulator || caller.role == .operator else { return .roleNotAllowed }
      state = .disbursed
      return nil
    }
  }

  private var isTaken: Bool { [.claimed, .offered, .signed, .disbursed].contains(state) }

  /// Handled by the county or the city, it is no longer for those below.
  private func isTooLow(_ caller: Caller) -> Bool {
    guard caller.role == .gridWorker || caller.role == .regulator else { return false }
    return caller.regionPrefix.count > [12, 6, 4][level]
  }

  private func mayHold(_ bank: String, _ caller: Caller) -> ErrorReason? {
    guard Self.ledger.contains(caller.role) || caller.role == .institution else { return .roleNotAllowed }
    guard caller.role == .institution else { return nil }
    let (who, reason) = actor(bank, caller)
    guard let who else { return reason }
    guard let holder else { return .stateConflict }
    return who == holder ? nil : .alreadyClaimed
  }

  private mutating func note(_ caller: Caller) -> ErrorReason? {
    guard state != .withdrawn, state != .expired else { return Self.refuses }
    guard Self.ledger.contains(caller.role) || caller.role == .institution || caller.role == .adviser else {
      return .roleNotAllowed
    }
    if caller.role == .institution {
      if banks[caller.organisation] == true { return .stateConflict }
      if banks[caller.organisation] == nil && !open { return .outOfScope }
    }
    guard notes < 50 else { return .limitExceeded }
    notes += 1
    return nil
  }

  private mutating func acknowledge(_ bank: String, _ caller: Caller) -> ErrorReason? {
    guard isTaken || state == .pushed else { return Self.refuses }
    guard Self.lenders.contains(caller.role) || caller.role == .regulator else { return .roleNotAllowed }
    let receiver: String
    if caller.role == .regulator {
      guard caller.regionPrefix == "3703" || caller.regionPrefix == "370302" else { return .outOfScope }
      receiver = "region-" + caller.regionPrefix
    } else {
      let (who, reason) = actor(bank, caller)
      guard let who else { return reason }
      guard banks[who] != nil else { return .outOfScope }
      receiver = who
    }
    return acknowledged.insert(receiver).inserted ? nil : .stateConflict
  }

  private mutating func invite(_ bank: String, _ member: String, _ caller: Caller) -> ErrorReason? {
    guard isTaken else { return Self.refuses }
    if let reason = act(bank, caller) { return reason }
    if member == holder { return .invalidArgument }
    if let known = members[member], !known.left { return .resourceExists }
    if banks[member] == true { return .invalidArgument }
    members[member] = PaperMember()
    if banks[member] == nil { banks[member] = false }
    return nil
  }

  private mutating func join(_ bank: String, _ caller: Caller) -> ErrorReason? {
    guard isTaken else { return Self.refuses }
    guard Self.lenders.contains(caller.role) else { return .roleNotAllowed }
    let (who, reason) = actor(bank, caller)
    guard let who else { return reason }
    guard let member = members[who], !member.left else { return .outOfScope }
    if member.joined { return .stateConflict }
    members[who]?.joined = true
    return nil
  }

  /// The holder, or a bank that shares; a reason for anybody else.
  private func party(_ bank: String, _ caller: Caller) -> (who: String?, isLead: Bool, ErrorReason?) {
    guard Self.lenders.contains(caller.role) else { return (nil, false, .roleNotAllowed) }
    let (who, reason) = actor(bank, caller)
    guard let who else { return (nil, false, reason) }
    if who == holder { return (who, true, nil) }
    guard let member = members[who], !member.left else { return (nil, false, .alreadyClaimed) }
    return member.joined ? (who, false, nil) : (nil, false, .stateConflict)
  }

  private mutating func offer(_ bank: String, _ amount: Int64, _ caller: Caller) -> ErrorReason? {
    let (who, isLead, reason) = party(bank, caller)
    guard let who else { return reason }
    if isLead {
      if signed > 0 { return .stateConflict }
      offered = amount
      state = .offered
      return nil
    }
    if offered == 0 || (members[who]?.signed ?? 0) > 0 { return .stateConflict }
    members[who]?.offered = amount
    return nil
  }

  private mutating func sign(_ bank: String, _ amount: Int64, _ again: Bool, _ caller: Caller) -> ErrorReason? {
    let (who, isLead, reason) = party(bank, caller)
    guard let who else { return reason }
    if isLead {
      if signed > 0 { return .stateConflict }
      guard amount <= offered else { return .limitExceeded }
      (signed, revolving, state) = (amount, again, .signed)
      return nil
    }
    guard signed > 0, let member = members[who], member.signed == 0, member.offered > 0 else { return .stateConflict }
    guard amount <= member.offered else { return .limitExceeded }
    members[who]?.signed = amount
    members[who]?.revolving = again
    return nil
  }

  private mutating func pay(_ bank: String, _ amount: Int64, _ caller: Caller) -> ErrorReason? {
    let (who, isLead, reason) = party(bank, caller)
    guard let who else { return reason }
    if isLead {
      guard payments < 400, revolving || paid + amount <= signed else { return .limitExceeded }
      paid += amount
    } else {
      guard let member = members[who], member.signed > 0 else { return .stateConflict }
      guard payments < 400, member.revolving || member.paid + amount <= member.signed else { return .limitExceeded }
      members[who]?.paid += amount
    }
    payments += 1
    state = .disbursed
    return nil
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

  /// In a broadcast, one that has taken it up offers, as often as it likes.
  private mutating func tender(_ bank: String, _ amount: Int64, _ caller: Caller) -> ErrorReason? {
    let (who, reason) = taker(bank, caller)
    guard let who else { return reason }
    takers[who] = amount
    return nil
  }

  /// Whoever signs holds it; the others are as they were before.
  private mutating func award(_ bank: String, _ amount: Int64, _ again: Bool, _ caller: Caller) -> ErrorReason? {
    let (who, reason) = taker(bank, caller)
    guard let who, let tendered = takers[who] else { return reason }
    guard tendered > 0 else { return .stateConflict }
    guard amount <= tendered else { return .limitExceeded }
    (holder, offered, signed, revolving, state) = (who, tendered, amount, again, .signed)
    takers = [:]
    contacted = false
    seen.formUnion([.claimed, .offered])
    return nil
  }

  private func taker(_ bank: String, _ caller: Caller) -> (String?, ErrorReason?) {
    guard Self.lenders.contains(caller.role) else { return (nil, .roleNotAllowed) }
    guard mode == .broadcast else { return (nil, .stateConflict) }
    let (who, reason) = actor(bank, caller)
    guard let who else { return (nil, reason) }
    return takers[who] == nil ? (nil, .stateConflict) : (who, nil)
  }

  private mutating func push(_ mode: PushMode, to: [String], _ caller: Caller) -> ErrorReason? {
    guard [.assessed, .pushed, .declined].contains(state) else { return Self.refuses }
    guard Self.ledger.contains(caller.role) else { return .roleNotAllowed }
    if isTooLow(caller) { return .outOfScope }
    if !takers.isEmpty && mode != .broadcast { return .stateConflict }
    if to.isEmpty && (mode == .directed || (pushedOnce && self.mode == mode)) { return .requiredFieldMissing }
    if to.contains(where: { banks[$0] != nil }) { return .invalidArgument }
    for bank in to { banks[bank] = false }
    self.mode = mode
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
    if mode == .broadcast {
      if takers[who] != nil { return .stateConflict }
      takers[who] = 0
      banks[who] = false
      return nil
    }
    banks[who] = false
    holder = who
    contacted = false
    state = .claimed
    return nil
  }

  private mutating func decline(_ bank: String, _ caller: Caller) -> ErrorReason? {
    guard isTaken || state == .pushed else { return Self.refuses }
    guard Self.lenders.contains(caller.role) else { return .roleNotAllowed }
    let (who, reason) = actor(bank, caller)
    guard let who else { return reason }
    if holder != nil, let member = members[who], !member.left {
      if member.signed > 0 { return .stateConflict }
      // Whoever has left is neither invited nor joined.
      members[who]?.left = true
      members[who]?.joined = false
      members[who]?.offered = 0
      banks[who] = true
      return nil
    }
    if let holder, holder != who { return .alreadyClaimed }
    if holder != nil, state == .disbursed || members.values.contains(where: { $0.signed > 0 }) { return .stateConflict }
    if holder == nil {
      if banks[who] == true { return .stateConflict }
      if banks[who] == nil && !open { return .outOfScope }
    }
    banks[who] = true
    takers[who] = nil
    holder = nil
    offered = 0
    signed = 0
    revolving = false
    members = [:]
    contacted = false
    state = open || banks.values.contains(false) ? .pushed : .declined
    return nil
  }
}
