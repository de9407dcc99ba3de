package import DemandDomain
package import Kernel
import Policy
import Storage

extension DemandStore: CaseRepository {
  package func open(
    _ command: OpenCase, envelope: CommandEnvelope, encode: @escaping @Sendable (Case) throws -> [UInt8]
  ) async throws -> CommandReply<Case> {
    try await run(envelope, encode) { try $0.run(command) }
  }

  package func act(
    _ command: ActOnCase, envelope: CommandEnvelope, encode: @escaping @Sendable (Case) throws -> [UInt8]
  ) async throws -> CommandReply<Case> {
    try await run(envelope, encode) { try $0.run(command) }
  }

  package func arrange(
    _ command: ArrangeDuty, envelope: CommandEnvelope, encode: @escaping @Sendable (Case) throws -> [UInt8]
  ) async throws -> CommandReply<Case> {
    try await run(envelope, encode) { try $0.run(command) }
  }

  private func run(
    _ envelope: CommandEnvelope, _ encode: @escaping @Sendable (Case) throws -> [UInt8],
    _ body: @escaping @Sendable (CaseTransaction) throws -> Case
  ) async throws -> CommandReply<Case> {
    try await store.command(envelope, encode: encode) { [policy] session in
      try body(CaseTransaction(session: session, policy: policy, caller: envelope.caller, now: envelope.now))
    }
  }

  package func sync(
    _ visits: [(clientID: String, Result<OpenCase, DomainError>)], envelope: CommandEnvelope,
    encode: @escaping @Sendable ([SyncedVisit]) throws -> [UInt8]
  ) async throws -> CommandReply<[SyncedVisit]> {
    try await store.command(envelope, encode: encode) { [policy] session in
      let transaction = CaseTransaction(session: session, policy: policy, caller: envelope.caller, now: envelope.now)
      return try visits.map { clientID, visit in
        if let known = try CaseRows.load(client: clientID, of: envelope.caller.organisation, session) {
          return .known(known.id)
        }
        do {
          let command = try visit.get()
          return .stored(try session.savepoint { try transaction.run(command).id })
        } catch let error as DomainError {
          return .refused(error)
        }
      }
    }
  }

  package func matter(_ id: String) async throws -> Case {
    let found = try await store.read { try CaseRows.load(id, $0)?.item }
    guard let found else { throw DomainError.notFound("cases/\(id)") }
    return found
  }

  package func matters(_ query: CaseQuery) async throws -> [Listed<Case>] {
    try await store.read { try CaseListing.page(query, $0) }
  }

  package func targets(_ query: CaseQuery, asOf: BusinessDate) async throws -> [Listed<TargetProgress>] {
    try await store.read { session in
      try CaseListing.page(query, session).map { listed in
        let reached = try TargetReading.reached(listed.item, asOf: asOf, session)
        return Listed(position: listed.position, item: TargetProgress(matter: listed.item, reached: reached))
      }
    }
  }

  package func report(_ query: CaseReportQuery) async throws -> CaseReport {
    try await store.read { try CaseListing.report(query, $0) }
  }
}
