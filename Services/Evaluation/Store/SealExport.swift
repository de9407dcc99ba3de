package import EvaluationDomain
package import Kernel
import Storage

extension EvaluationStore {
  package func sealExport(
    _ seal: ExportSeal, envelope: CommandEnvelope, encode: @escaping Encode<ExportSeal>
  ) async throws -> CommandReply<ExportSeal> {
    try await store.command(envelope, encode: encode) { session in
      let known = try RunSQL.existing(seal.runID, session)
      try known.run.requireSealable()
      var entered = seal
      entered.sequence = try session.append(
        event: try Document.event(
          "export.sealed", "runs/\(seal.runID)", envelope.caller.organisation,
          [
            "format": .text(seal.format.rawValue), "sha256": .text(seal.sha256), "size": .number(Int64(seal.size)),
            "digest": .text(seal.digest), "result_digest": .text(seal.resultDigest),
            "public_key": .text(Hex.text(seal.publicKey)), "signature": .text(Hex.text(seal.signature)),
          ]))
      return entered
    }
  }

  package func openRows(runID: String) async throws -> (rows: [ScoreRow], withheld: Int) {
    try await store.read { session in
      let known = try RunSQL.existing(runID, session)
      guard known.run.state == .published else { throw DomainError.notFound("runs/\(runID)") }
      var people: Set<String> = []
      try session.scan("SELECT id FROM institution WHERE type = ?", [.text(Institution.adviserType)]) { row in
        people.insert(try row.text(0))
        return true
      }
      let rows = try session.query(
        "SELECT \(RunSQL.rankingColumns) FROM ranking WHERE run_key = ? ORDER BY position", [.integer(known.key)],
        RunSQL.scoreRow)
      let open = rows.filter { !people.contains($0.institutionID) }
      return (open, rows.count - open.count)
    }
  }
}
