import DemandDomain
import Kernel
import Policy
import Storage

/// One command about a firm inside its transaction.
struct EnterpriseTransaction {
  let session: WriteSession
  let policy: PolicyBook
  let caller: Caller
  let now: Instant

  func run(_ command: RegisterEnterprise) throws -> Enterprise {
    let existing = try EnterpriseRows.load(command.uscc.text, session)?.item
    let enterprise = try command.decide(existing: existing, policy: policy, caller: caller, now: now)
    try EnterpriseRows.insert(enterprise, session)
    try log(enterprise, "enterprise.registered", reason: "")
    return enterprise
  }

  func run(_ command: UpdateEnterprise) throws -> Enterprise {
    let existing = try EnterpriseRows.load(command.id, session)?.item
    let enterprise = try command.decide(existing: existing, policy: policy, caller: caller, now: now)
    try EnterpriseRows.update(enterprise, session)
    try log(enterprise, "enterprise.updated", reason: command.reason)
    return enterprise
  }

  func run(_ command: EnterpriseCommand) throws -> Enterprise {
    let enterprise = try Self.decide(command, session, policy: policy, caller: caller, now: now)
    try EnterpriseRows.update(enterprise, session)
    try log(enterprise, command.type, reason: command.reason)
    return enterprise
  }

  static func decide(
    _ command: EnterpriseCommand, _ session: ReadSession, policy: PolicyBook, caller: Caller, now: Instant
  ) throws -> Enterprise {
    let open = try session.first(
      """
      SELECT count(*) FROM demands WHERE enterprise = ? AND state NOT IN ('closed', 'withdrawn', 'expired', 'declined')
      """, [.text(command.enterpriseID)]
    ) { try $0.int64(0) }
    return try command.decide(
      try EnterpriseRows.load(command.enterpriseID, session)?.item,
      other: try command.otherID.flatMap { try EnterpriseRows.load($0, session)?.item }, openDemands: open ?? 0,
      policy: policy, caller: caller, now: now)
  }

  private func log(_ enterprise: Enterprise, _ type: String, reason: String) throws {
    let context = EventContext(caller: caller, reason: reason, policyDigest: policy.digest, at: now)
    try session.append(
      event: LogCodec.encode(enterprise, enterprise.profile(on: try now.shanghaiDate()), type: type, context), at: now)
  }
}
