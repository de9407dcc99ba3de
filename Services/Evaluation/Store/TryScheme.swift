package import EvaluationDomain
import Kernel
import Storage

extension EvaluationStore {
  package func tryScheme(_ request: TrialRequest) async throws -> SchemeTrial {
    let loaded = try await store.read { [policyDigest, view, documents] session in
      func input(_ scheme: Scheme) throws -> RunInput {
        try RunSQL.input(scheme, request.scope, policyDigest: policyDigest, view, documents, session)
      }
      let tried: Scheme
      switch request.subject {
      case .stored(let id, let version): tried = try SchemeSQL.scheme(id, version, session).scheme
      case .unstored(let scheme):
        let dictionary = try DictionarySQL.allIndicators(session, documents)
        try SchemeValidation.validate(scheme) { dictionary[$0] }
        tried = scheme
      }
      var baseline: Scheme?
      if let version = try request.baselineVersion ?? SchemeSQL.latestAdopted(tried.id, session) {
        baseline = try SchemeSQL.scheme(tried.id, version, session).scheme
      }
      return (tried: try input(tried), baseline: try baseline.map(input))
    }
    let nobody = Caller(organisation: "", role: .service, regionPrefix: "", subject: "")
    return SchemeTrial(
      schemeDigest: Digest.hex(loaded.tried.scheme.canonicalText),
      frozen: try await FrozenRun.compute(
        loaded.tried, creator: nobody, now: Instant(microseconds: 0), hash: Digest.hex),
      baselineVersion: loaded.baseline?.scheme.version ?? 0,
      baseline: try loaded.baseline.map { try ScoringEngine.evaluate($0).tables.flatMap(\.rows) } ?? [])
  }
}
