package import DemandDomain
package import Kernel
import Policy
import Storage

extension DemandStore: GradeLedger {
  package func gradeCursor() async throws -> Int64 { try await store.read { try GradeRows.cursor($0) } }

  /// An event at or before the cursor was applied before and is passed over.
  package func receive(_ events: [GradeEvent], now: Instant) async throws {
    try await store.write(at: now) { [policy] session in
      let transaction = EnterpriseTransaction(session: session, policy: policy, caller: Self.evaluation, now: now)
      var cursor = try GradeRows.cursor(session)
      for event in events where event.sequence > cursor {
        if let grade = event.grade { try transaction.receive(grade) }
        cursor = event.sequence
      }
      try GradeRows.advance(to: cursor, session)
    }
  }

  /// Who changes a firm's grade in the log.
  private static let evaluation = Caller(
    organisation: "evaluation", role: .service, regionPrefix: "", subject: "ratings")
}
