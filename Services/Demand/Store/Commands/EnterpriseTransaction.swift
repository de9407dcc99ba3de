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
    try EnterpriseRows.insert(enterprise, number: EnterpriseRows.next(session), session)
    try log(enterprise, "enterprise.registered", reason: "")
    guard let grade = try GradeRows.load(enterprise.id, session) else { return enterprise }
    return try apply(grade, to: enterprise) ?? enterprise
  }

  /// Keeps a grade, and changes the firm when it is registered.
  func receive(_ grade: ReceivedGrade) throws {
    guard grade.supersedes(try GradeRows.load(grade.enterprise, session)?.gradedOn) else { return }
    try GradeRows.keep(grade, session)
    guard let enterprise = try EnterpriseRows.load(grade.enterprise, session)?.item else { return }
    _ = try apply(grade, to: enterprise)
  }

  private func apply(_ grade: ReceivedGrade, to enterprise: Enterprise) throws -> Enterprise? {
    guard let graded = grade.applied(to: enterprise, now: now) else { return nil }
    try EnterpriseRows.update(graded, session)
    try log(graded, "enterprise.graded", reason: grade.source)
    return graded
  }

  /// Each row by itself. Firms that are known are found in one pass over the codes, and a row that is refused has written
  /// nothing yet, so that no row needs a savepoint of its own.
  func run(_ rows: [Result<RegisterEnterprise, DomainError>]) throws -> [RegisteredRow] {
    let codes = rows.compactMap { row in (try? row.get())?.uscc.text }
    var known = try EnterpriseRows.known(among: codes, in: "enterprises", "id", session)
    let graded = try EnterpriseRows.known(among: codes, in: "received_grades", "enterprise", session)
    var number = try EnterpriseRows.next(session)
    return try rows.map { row in
      do {
        let command = try row.get()
        let existing =
          known.contains(command.uscc.text) ? try EnterpriseRows.load(command.uscc.text, session)?.item : nil
        let enterprise = try command.decide(existing: existing, policy: policy, caller: caller, now: now)
        try EnterpriseRows.insert(enterprise, number: number, session)
        try log(enterprise, "enterprise.registered", reason: "")
        number += 1
        known.insert(enterprise.id)
        if graded.contains(enterprise.id), let grade = try GradeRows.load(enterprise.id, session) {
          _ = try apply(grade, to: enterprise)
        }
        return .success(enterprise.id)
      } catch let error as DomainError {
        return .failure(error)
      }
    }
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
