package import EvaluationDomain
import Kernel
import Storage

extension EvaluationStore {
  package func tryScheme(_ request: TrialRequest) async throws -> SchemeTrial {
    let (policyDigest, view) = (policyDigest, view)
    let loaded = try await store.read { session in
      let tried: Scheme
      switch request.subject {
      case .stored(let id, let version): tried = try SchemeSQL.scheme(id, version, session).scheme
      case .unstored(let scheme):
        let dictionary = try DictionarySQL.allIndicators(session)
        try SchemeValidation.validate(scheme) { dictionary[$0] }
        tried = scheme
      }
      var baseline: Scheme?
      if let version = try request.baselineVersion ?? SchemeSQL.latestAdopted(tried.id, session) {
        baseline = try SchemeSQL.scheme(tried.id, version, session).scheme
      }
      return (
        tried: try RunSQL.input(tried, request.scope, policyDigest: policyDigest, view, session),
        baseline: try baseline.map { try RunSQL.input($0, request.scope, policyDigest: policyDigest, view, session) }
      )
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
