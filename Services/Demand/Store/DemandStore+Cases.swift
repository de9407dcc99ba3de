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
    _ items: [FieldItem], envelope: CommandEnvelope, encode: @escaping @Sendable ([SyncedItem]) throws -> [UInt8]
  ) async throws -> CommandReply<[SyncedItem]> {
    try await store.command(envelope, encode: encode) { [policy] session in
      let field = FieldTransaction(session: session, policy: policy, caller: envelope.caller, now: envelope.now)
      return try items.map { try field.run($0) }
    }
  }

  package func generate(
    _ command: GenerateReport, envelope: CommandEnvelope,
    encode: @escaping @Sendable (GeneratedReport) throws -> [UInt8]
  ) async throws -> CommandReply<GeneratedReport> {
    try await store.command(envelope, encode: encode) { [policy] session in
      try CaseTransaction(session: session, policy: policy, caller: envelope.caller, now: envelope.now).run(command)
    }
  }

  package func generated(_ id: String) async throws -> GeneratedReport {
    let found = try await store.read { session -> GeneratedReport? in
      guard let loaded = try CaseRows.load(id, session), loaded.item.kind == .report else { return nil }
      return GeneratedReport(matter: loaded.item, lines: try ReportReading.lines(of: loaded.position, session))
    }
    guard let found else { throw DomainError.notFound("cases/\(id)") }
    return found
  }

  package func steps(of id: String, after: Int64?, limit: Int) async throws -> [Listed<CaseStep>] {
    try await store.read { session in
      guard let number = try CaseRows.load(id, session)?.position else { return [] }
      return try CaseStepRows.steps(of: number, after: after ?? 0, limit: limit, session)
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
    try await store.read { [policy] in try CaseReporting(query: query, session: $0).read(policy: policy) }
  }
}
