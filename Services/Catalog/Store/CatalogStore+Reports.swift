package import CatalogDomain
package import Kernel
import Storage

extension CatalogStore {
  package func recordOutcomes(
    _ outcomes: [ProductOutcome], envelope: CommandEnvelope, encode: @escaping Encode<Int>
  ) async throws -> CommandReply<Int> {
    try await store.command(envelope, encode: encode) { session in
      try ProductOutcome.validate(outcomes)
      for (index, outcome) in outcomes.enumerated() {
        guard let stored = try ProductRows.load(outcome.product, session) else {
          var error = DomainError.notFound("\(Product.collection)/\(outcome.product)")
          error.field = "outcomes[\(index)].product"
          throw error
        }
        var changed = stored
        changed.record = try (stored.record ?? .none).adding(outcome)
        try ProductRows.save(changed, previous: stored, session)
        try EventCodec.append(.productRecorded, changed, actor: envelope.caller.organisation, session)
      }
      return outcomes.count
    }
  }

  package func reportError(
    _ draft: ProductErrorDraft, envelope: CommandEnvelope, encode: @escaping Encode<ProductErrorReport>
  ) async throws -> CommandReply<ProductErrorReport> {
    try await store.command(envelope, encode: encode) { session in
      // Nobody learns of a draft by reporting it.
      guard let product = try ProductRows.latest(draft.product, Sight(envelope.caller), session) else {
        throw DomainError.notFound("\(Product.collection)/\(draft.product)")
      }
      let report = try ErrorReportDecisions.report(draft, product: product, caller: envelope.caller, now: envelope.now)
      try session.execute(
        "INSERT INTO error_report (id, product_id, institution_id, reporter, state, body) VALUES (?, ?, ?, ?, ?, ?)",
        [
          .text(report.id), .text(report.product), .text(report.institution), .text(report.reporter),
          .integer(Int64(report.state.rawValue)), .text(try JSON.text(report)),
        ])
      try EventCodec.append(.errorReportCreated, report, actor: envelope.caller.organisation, session)
      return report
    }
  }

  package func answerError(
    id: String, etag: String, answer: ProductErrorAnswer, envelope: CommandEnvelope,
    encode: @escaping Encode<ProductErrorReport>
  ) async throws -> CommandReply<ProductErrorReport> {
    try await store.command(envelope, encode: encode) { session in
      let stored = try session.first("SELECT body FROM error_report WHERE id = ?", [.text(id)], Self.report)
      guard let stored else { throw DomainError.notFound("\(ProductErrorReport.collection)/\(id)") }
      let (product, _) = try Self.load(stored.product, session)
      let changed = try ErrorReportDecisions.answer(
        stored, answer, product: product, etag: etag, caller: envelope.caller, now: envelope.now)
      try session.execute(
        "UPDATE error_report SET state = ?, body = ? WHERE id = ?",
        [.integer(Int64(changed.state.rawValue)), .text(try JSON.text(changed)), .text(id)])
      try EventCodec.append(.errorReportAnswered, changed, actor: envelope.caller.organisation, session)
      return changed
    }
  }

  package func errorReports(
    _ filter: ErrorReportFilter, after: String?, limit: Int
  ) async throws -> [ProductErrorReport] {
    try await store.read { session in
      var query = KeysetQuery(after: after, limit: limit)
      if let product = filter.product { query.add("product_id = ?", .text(product)) }
      if let institution = filter.institution { query.add("institution_id = ?", .text(institution)) }
      if let reporter = filter.reporter { query.add("reporter = ?", .text(reporter)) }
      if let state = filter.state { query.add("state = ?", .integer(Int64(state.rawValue))) }
      return try session.query(query.sql("SELECT body FROM error_report"), query.arguments, Self.report)
    }
  }

  private static func report(_ row: Row) throws -> ProductErrorReport {
    try JSON.decode(ProductErrorReport.self, try row.text(0).utf8)
  }
}
