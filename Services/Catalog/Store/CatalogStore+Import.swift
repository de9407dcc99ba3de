package import CatalogDomain
package import Kernel
import Storage

extension CatalogStore {
  package func importProducts(
    _ rows: [ImportRow], institutions: [Institution], goal: ImportGoal, envelope: CommandEnvelope,
    encode: @escaping Encode<ImportReport>
  ) async throws -> CommandReply<ImportReport> {
    try await store.command(envelope, encode: encode) { [limits] session in
      var entered = 0
      for draft in institutions where try InstitutionRows.load(draft.id, session) == nil {
        let institution = try InstitutionDecisions.create(draft, existing: nil, now: envelope.now)
        try InstitutionRows.insert(institution, session)
        try EventCodec.append(.institutionCreated, institution, actor: envelope.caller.organisation, session)
        entered += 1
      }
      let transaction = ImportTransaction(session: session, limits: limits, goal: goal, envelope: envelope)
      var seen: Set<String> = []
      let results = try rows.enumerated().map { index, row in
        do {
          guard seen.insert(row.id).inserted else {
            throw DomainError.invalid("product_id", "\(row.id.prefix(64)) stands in an earlier row too")
          }
          let effect = try session.savepoint { try transaction.run(row) }
          return ImportResult(
            row: index, outcome: effect.outcome, id: row.id, version: effect.product.version,
            state: effect.product.publicState)
        } catch let error as DomainError {
          let id = ResourceName.isID(row.id) ? row.id : ""
          return ImportResult(row: index, outcome: .refused, id: id, version: 0, error: error)
        }
      }
      return ImportReport(results: results, institutionsCreated: entered)
    }
  }
}

/// One row of an import: load, decide, persist, tell.
private struct ImportTransaction {
  let session: WriteSession
  let limits: any PolicyLimitReading
  let goal: ImportGoal
  let envelope: CommandEnvelope

  func run(_ row: ImportRow) throws -> ImportEffect {
    let existing = try ProductRows.load(row.id, session)
    let institution = try (try? row.terms.get()).flatMap { try InstitutionRows.load($0.institution, session) }
    let effect = try ImportDecision.decide(
      row, institution: institution, existing: existing, goal: goal, limits: limits, caller: envelope.caller,
      now: envelope.now)
    guard !effect.events.isEmpty else { return effect }
    try ProductRows.save(effect.product, previous: existing, session)
    for event in effect.events {
      try EventCodec.append(event.kind, event.product, actor: envelope.caller.organisation, session)
    }
    return effect
  }
}
