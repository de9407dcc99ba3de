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
    try insert(enterprise, number: EnterpriseRows.next(session), reason: command.reason)
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
    try update(graded, "enterprise.graded", reason: grade.source)
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
        try insert(enterprise, number: number, reason: command.reason)
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
    try update(enterprise, "enterprise.updated", reason: command.reason)
    return enterprise
  }

  func run(_ command: EnterpriseCommand) throws -> Enterprise {
    let enterprise = try Self.decide(command, session, policy: policy, caller: caller, now: now)
    try update(enterprise, command.type, reason: command.reason)
    if case .merge(let merge) = command { try follow(merge) }
    return enterprise
  }

  /// Firms that were merged into the one that gives way now belong to the one that stays, so that nobody has to follow a chain.
  private func follow(_ merge: MergeEnterprises) throws {
    for (id, _) in try EnterpriseRows.merged(into: merge.id, session) {
      guard var earlier = try EnterpriseRows.load(id, session)?.item else { continue }
      earlier.mergedInto = merge.into
      earlier.updatedAt = now
      earlier.revision += 1
      try update(earlier, "enterprise.merged", reason: merge.reason)
    }
  }

  /// A first loan was signed, or has come to nothing.
  func keep(firstLoan: Bool, of id: String, reason: String) throws {
    guard let enterprise = try EnterpriseRows.load(id, session)?.item, enterprise.firstLoan != firstLoan else { return }
    try update(enterprise.withFirstLoan(firstLoan, now: now), "enterprise.updated", reason: reason)
  }

  static func decide(
    _ command: EnterpriseCommand, _ session: ReadSession, policy: PolicyBook, caller: Caller, now: Instant
  ) throws -> Enterprise {
    let open = try session.first(
      """
      SELECT count(*) FROM demands WHERE enterprise = ? AND state NOT IN ('closed', 'withdrawn', 'expired')
      """, [.text(command.enterpriseID)]
    ) { try $0.int64(0) }
    return try command.decide(
      try EnterpriseRows.load(command.enterpriseID, session)?.item,
      other: try command.otherID.flatMap { try EnterpriseRows.load($0, session)?.item }, openDemands: open ?? 0,
      policy: policy, caller: caller, now: now)
  }

  private func insert(_ enterprise: Enterprise, number: Int64, reason: String) throws {
    let texts = EnterpriseTexts(enterprise)
    let sequence = try log(enterprise, texts, "enterprise.registered", reason: reason)
    try EnterpriseRows.insert(enterprise, texts, number: number, sequence: sequence, session)
  }

  private func update(_ enterprise: Enterprise, _ type: String, reason: String) throws {
    let texts = EnterpriseTexts(enterprise)
    let sequence = try log(enterprise, texts, type, reason: reason)
    try EnterpriseRows.update(enterprise, texts, sequence: sequence, session)
  }

  private func log(
    _ enterprise: Enterprise, _ texts: EnterpriseTexts, _ type: String, reason: String
  ) throws -> Int64 {
    let context = EventContext(caller: caller, reason: reason, policyDigest: policy.digest, at: now)
    return try session.append(event: LogCodec.encode(enterprise, texts, type: type, context), at: now)
  }
}
