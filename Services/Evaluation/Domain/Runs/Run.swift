package import Kernel

/// A frozen evaluation.
package struct Run: Sendable, Hashable, Codable {
  package enum State: String, Sendable, Hashable, Codable {
    case draft, review, published, corrected
  }
  package struct Table: Sendable, Hashable, Codable {
    package var name: String
    package var ranked: Int
    package var outside: Int
    package init(name: String, ranked: Int, outside: Int) {
      self.name = name
      self.ranked = ranked
      self.outside = outside
    }
  }
  package var id: String
  package var schemeID: String
  package var schemeVersion: Int
  package var period: String
  package var peerGroup: String
  package var state: State
  /// Hexadecimal SHA-256 of the canonical inputs.
  package var digest: String
  /// Hexadecimal SHA-256 of the canonical results.
  package var resultDigest: String
  package var policyDigest: String
  package var engineVersion: String
  package var tables: [Table]
  package var inputCount: Int
  /// `organisation/person`.
  package var creator: String
  package var publisher: String
  package var createTime: Instant
  package var publishTime: Instant?
  /// Last days of review and appeals; `nil` before the review.
  package var reviewEnd: BusinessDate?
  package var appealEnd: BusinessDate?
  /// The published run that this one corrects, and the one that took this one's place.
  package var supersedes: String?
  package var supersededBy: String?
  package var correctionReason: String?

  package init(
    id: String, schemeID: String, schemeVersion: Int, period: String, peerGroup: String, state: State, digest: String,
    resultDigest: String, policyDigest: String, engineVersion: String, tables: [Table], inputCount: Int,
    creator: String, publisher: String = "", createTime: Instant, publishTime: Instant? = nil
  ) {
    self.id = id
    self.schemeID = schemeID
    self.schemeVersion = schemeVersion
    self.period = period
    self.peerGroup = peerGroup
    self.state = state
    self.digest = digest
    self.resultDigest = resultDigest
    self.policyDigest = policyDigest
    self.engineVersion = engineVersion
    self.tables = tables
    self.inputCount = inputCount
    self.creator = creator
    self.publisher = publisher
    self.createTime = createTime
    self.publishTime = publishTime
  }

  /// A run is named by the beginning of its digest: the same inputs are the same run.
  package static func id(digest: String) -> String { String(digest.prefix(32)) }

  /// Changes with every change of state.
  package var etag: String { "\(state.rawValue)-\(resultDigest.prefix(16))" }

  /// A person as creators and publishers are recorded; two people are two different texts.
  package static func person(_ caller: Caller) -> String { "\(caller.organisation)/\(caller.subject)" }
}

/// The bytes of a run that its digests cover.
package struct FrozenRun: Sendable {
  /// SHA-256 as lower-case hexadecimal.
  package typealias Hash = @Sendable ([UInt8]) -> String

  package let run: Run
  package let inputs: [UInt8]
  package let evaluation: Evaluation

  /// Computes a run as a draft: its inputs are frozen while it is scored.
  package static func compute(
    _ input: RunInput, creator: Caller, now: Instant, hash: @escaping Hash
  ) async throws -> FrozenRun {
    async let frozen = freeze(input, hash)
    let evaluation = try ScoringEngine.evaluate(input)
    let resultDigest = hash(evaluation.canonicalBytes)
    let (inputs, digest) = await frozen
    return FrozenRun(
      evaluation: evaluation, inputs: inputs, digest: digest, resultDigest: resultDigest, creator: creator, now: now)
  }

  private static func freeze(_ input: RunInput, _ hash: Hash) async -> (inputs: [UInt8], digest: String) {
    let inputs = input.frozenBytes(schemeDigest: hash(Array(input.scheme.canonicalText.utf8)))
    return (inputs, hash(inputs))
  }

  private init(
    evaluation: Evaluation, inputs: [UInt8], digest: String, resultDigest: String, creator: Caller, now: Instant
  ) {
    let input = evaluation.input
    self.evaluation = evaluation
    self.inputs = inputs
    run = Run(
      id: Run.id(digest: digest), schemeID: input.scheme.id, schemeVersion: input.scheme.version,
      period: input.scope.period.description, peerGroup: input.scope.peerGroup, state: .draft, digest: digest,
      resultDigest: resultDigest, policyDigest: input.policyDigest, engineVersion: ScoringEngine.version,
      tables: evaluation.tables.map { table in
        Run.Table(name: table.name, ranked: table.rankedCount, outside: table.rows.count - table.rankedCount)
      }, inputCount: input.facts.count, creator: Run.person(creator), createTime: now)
  }
}
