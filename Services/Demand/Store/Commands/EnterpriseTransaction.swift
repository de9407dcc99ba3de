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

  private func log(_ enterprise: Enterprise, _ type: String, reason: String) throws {
    let context = EventContext(caller: caller, reason: reason, policyDigest: policy.digest, at: now)
    try session.append(
      event: LogCodec.encode(enterprise, enterprise.profile(on: try now.shanghaiDate()), type: type, context), at: now)
  }
}
