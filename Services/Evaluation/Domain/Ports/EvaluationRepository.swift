package import Kernel

/// A page of a keyset-ordered list.
package struct KeysetPage<Element: Sendable>: Sendable {
  package var items: [Element]
  /// Where the next page begins; `nil` on the last.
  package var next: String?
  package init(items: [Element], next: String?) {
    self.items = items
    self.next = next
  }
}

package struct RegistrationReceipt: Sendable, Hashable, Codable {
  package var registered: Int
  package var changed: Int
  package var unchanged: Int
  package init(registered: Int, changed: Int, unchanged: Int) {
    self.registered = registered
    self.changed = changed
    self.unchanged = unchanged
  }
}

package struct RunRequest: Sendable, Hashable {
  package var schemeID: String
  /// `nil` for the latest.
  package var schemeVersion: Int?
  package var scope: RunScope
  package init(schemeID: String, schemeVersion: Int?, scope: RunScope) {
    self.schemeID = schemeID
    self.schemeVersion = schemeVersion
    self.scope = scope
  }
}

/// One entry of the service's log.
package struct LogEntry: Sendable, Hashable {
  package var sequence: Int64
  package var commitTime: Instant
  package var type: String
  package var subject: String
  package var actor: String
  package var payload: [UInt8]
  package var hash: [UInt8]
  package init(
    sequence: Int64, commitTime: Instant, type: String, subject: String, actor: String, payload: [UInt8], hash: [UInt8]
  ) {
    self.sequence = sequence
    self.commitTime = commitTime
    self.type = type
    self.subject = subject
    self.actor = actor
    self.payload = payload
    self.hash = hash
  }
}

/// The outcome of checking the log's chain.
package struct ChainFinding: Sendable, Hashable {
  package var entries: Int64
  package var firstBad: Int64?
  package var headHash: [UInt8]
  package init(entries: Int64, firstBad: Int64?, headHash: [UInt8]) {
    self.entries = entries
    self.firstBad = firstBad
    self.headHash = headHash
  }
}

/// Encodes an outcome to the bytes that a replay of the same request id answers.
package typealias Encode<Outcome> = @Sendable (Outcome) throws -> [UInt8]

/// What changes the service's state. Every command is decided and stored in one transaction, once per request id.
package protocol EvaluationCommands: Sendable {
  func createIndicators(
    _ indicators: [Indicator], envelope: CommandEnvelope, encode: @escaping Encode<[Indicator]>
  ) async throws -> CommandReply<[Indicator]>
  /// - Parameter previousVersion: the version that stands.
  func reviseIndicator(
    _ indicator: Indicator, previousVersion: Int, envelope: CommandEnvelope, encode: @escaping Encode<Indicator>
  ) async throws -> CommandReply<Indicator>
  func registerInstitutions(
    _ institutions: [Institution], envelope: CommandEnvelope, encode: @escaping Encode<RegistrationReceipt>
  ) async throws -> CommandReply<RegistrationReceipt>
  func submitFacts(
    _ rows: [FactInput], envelope: CommandEnvelope, encode: @escaping Encode<FactReceipt>
  ) async throws -> CommandReply<FactReceipt>
  func importFacts(
    _ csv: FactCSV, envelope: CommandEnvelope, encode: @escaping Encode<FactImport>
  ) async throws -> CommandReply<FactImport>
  /// - Parameter decision: `confirmed` or `rejected`.
  func decidePendingFact(
    id: String, decision: PendingFact.State, reason: String, envelope: CommandEnvelope,
    encode: @escaping Encode<PendingFact>
  ) async throws -> CommandReply<PendingFact>
  /// - Parameter previousVersion: 0 for a new scheme.
  func createScheme(
    _ scheme: Scheme, previousVersion: Int, envelope: CommandEnvelope, encode: @escaping Encode<StoredScheme>
  ) async throws -> CommandReply<StoredScheme>
  func runEvaluation(
    _ request: RunRequest, envelope: CommandEnvelope, encode: @escaping Encode<Run>
  ) async throws -> CommandReply<Run>
  func publishRun(
    id: String, etag: String, envelope: CommandEnvelope, encode: @escaping Encode<Run>
  ) async throws -> CommandReply<Run>
  /// - Parameter digest: of the version as the adopter read it, hexadecimal.
  func adoptScheme(
    id: String, version: Int, digest: String, envelope: CommandEnvelope, encode: @escaping Encode<StoredScheme>
  ) async throws -> CommandReply<StoredScheme>
  func startReview(
    id: String, etag: String, reviewEnd: BusinessDate, appealEnd: BusinessDate, envelope: CommandEnvelope,
    encode: @escaping Encode<Run>
  ) async throws -> CommandReply<Run>
  func fileAppeal(
    _ filing: AppealFiling, envelope: CommandEnvelope, encode: @escaping Encode<Appeal>
  ) async throws -> CommandReply<Appeal>
  func answerAppeal(
    id: String, decision: Appeal.State, answer: String, envelope: CommandEnvelope, encode: @escaping Encode<Appeal>
  ) async throws -> CommandReply<Appeal>
  func correctRun(
    id: String, etag: String, replacementID: String, reason: String, envelope: CommandEnvelope,
    encode: @escaping Encode<Run>
  ) async throws -> CommandReply<Run>
  func setTargets(
    _ targets: [Target], envelope: CommandEnvelope, encode: @escaping Encode<TargetReceipt>
  ) async throws -> CommandReply<TargetReceipt>
  /// Enters a file's digest and signature into the log.
  func sealExport(
    _ seal: ExportSeal, envelope: CommandEnvelope, encode: @escaping Encode<ExportSeal>
  ) async throws -> CommandReply<ExportSeal>
  func nameExcellentAdvisers(
    runID: String, proportionPPM: Int64, envelope: CommandEnvelope, encode: @escaping Encode<AdviserAwards>
  ) async throws -> CommandReply<AdviserAwards>
  /// - Parameter task: its id is given by the store.
  func createTask(
    _ task: ChallengeTask, envelope: CommandEnvelope, encode: @escaping Encode<ChallengeTask>
  ) async throws -> CommandReply<ChallengeTask>
  func changeTask(
    id: String, etag: String, _ step: TaskStep, envelope: CommandEnvelope, encode: @escaping Encode<ChallengeTask>
  ) async throws -> CommandReply<ChallengeTask>
}

/// One step of a task.
package enum TaskStep: Sendable, Hashable {
  case claim(plan: String)
  case report(result: String, evidence: String)
  case judge(accepted: Bool, reason: String)
}

/// What a scheme is tried with; nothing of it is stored.
package struct TrialRequest: Sendable, Hashable {
  package enum Subject: Sendable, Hashable {
    /// `version` `nil` for the latest.
    case stored(id: String, version: Int?)
    case unstored(Scheme)
  }
  package var subject: Subject
  package var scope: RunScope
  /// `nil` for the latest adopted version, if there is one.
  package var baselineVersion: Int?
  package init(subject: Subject, scope: RunScope, baselineVersion: Int?) {
    self.subject = subject
    self.scope = scope
    self.baselineVersion = baselineVersion
  }
}

package struct SchemeTrial: Sendable {
  package var schemeDigest: String
  package var frozen: FrozenRun
  /// 0 without a baseline.
  package var baselineVersion: Int
  package var baseline: [ScoreRow]
  package init(schemeDigest: String, frozen: FrozenRun, baselineVersion: Int, baseline: [ScoreRow]) {
    self.schemeDigest = schemeDigest
    self.frozen = frozen
    self.baselineVersion = baselineVersion
    self.baseline = baseline
  }
}

/// An appeal as an institution files it.
package struct AppealFiling: Sendable, Hashable {
  package var runID: String
  package var indicatorID: String
  package var grounds: String
  package var evidenceKind: String
  package var evidenceReference: String
  package init(
    runID: String, indicatorID: String, grounds: String, evidenceKind: String, evidenceReference: String
  ) {
    self.runID = runID
    self.indicatorID = indicatorID
    self.grounds = grounds
    self.evidenceKind = evidenceKind
    self.evidenceReference = evidenceReference
  }
}

package enum RankingOrder: String, Sendable, Hashable {
  case bestFirst, lastFirst
}

/// Which values on record are wanted.
package struct FactFilter: Sendable, Hashable {
  package enum State: Sendable, Hashable {
    case inForce
    case withSuperseded
    /// What was known at that moment.
    case asOf(Instant)
  }
  package var institutionID: String
  /// Empty for all.
  package var indicatorID: String
  package var state: State
  package init(institutionID: String, indicatorID: String = "", state: State = .inForce) {
    self.institutionID = institutionID
    self.indicatorID = indicatorID
    self.state = state
  }
}

/// Some rows of a query's answer, with the units of its indicators.
package struct QueryPage: Sendable {
  package var rows: [QueryRow]
  package var units: [String: IndicatorUnit]
  package var next: String?
  package init(rows: [QueryRow], units: [String: IndicatorUnit], next: String?) {
    self.rows = rows
    self.units = units
    self.next = next
  }
}

/// Which tasks are wanted; `nil` and empty texts for all.
package struct TaskFilter: Sendable, Hashable {
  package var state: ChallengeTask.State?
  /// Tasks that this region claimed.
  package var claimRegion: String
  package init(state: ChallengeTask.State? = nil, claimRegion: String = "") {
    self.state = state
    self.claimRegion = claimRegion
  }
}

/// What is read. Each call sees one consistent state.
package protocol EvaluationQueries: Sendable {
  func indicators(after: String?, limit: Int) async throws -> KeysetPage<Indicator>
  func institutions(peerGroup: String, after: String?, limit: Int) async throws -> KeysetPage<Institution>
  /// The clashes by concept, with the values on record that differ.
  /// - Parameter concept: empty for all.
  func basisClashes(concept: String) async throws -> [BasisClash]
  func facts(_ filter: FactFilter, after: String?, limit: Int) async throws -> KeysetPage<Fact>
  /// Submissions that wait, oldest first.
  /// - Parameter institutionID: empty for all.
  func pendingFacts(institutionID: String, after: String?, limit: Int) async throws -> KeysetPage<PendingFact>
  /// - Throws: `RESOURCE_NOT_FOUND`.
  func pendingFact(id: String) async throws -> PendingFact
  func query(_ query: FactQuery, after: String?, limit: Int) async throws -> QueryPage
  /// The values of a series, one for each of its periods.
  /// - Throws: `RESOURCE_NOT_FOUND`; `INVALID_ARGUMENT` when the periods do not fit the indicator.
  func series(_ query: SeriesQuery) async throws -> [ValueResolver.Value]
  func rankRegions(
    indicatorID: String, period: Period, digits: Int, prefix: String
  ) async throws -> (unit: IndicatorUnit, regions: [RegionRank])
  /// - Throws: `RESOURCE_NOT_FOUND`.
  func scheme(id: String, version: Int?) async throws -> StoredScheme
  func schemes(after: String?, limit: Int) async throws -> KeysetPage<StoredScheme>
  /// - Throws: `RESOURCE_NOT_FOUND`.
  func run(id: String) async throws -> Run
  func runs(schemeID: String, after: String?, limit: Int) async throws -> KeysetPage<Run>
  func rankings(
    runID: String, table: String, order: RankingOrder, after: String?, limit: Int
  ) async throws -> KeysetPage<ScoreRow>
  /// Every line of a run, table by table.
  func rows(runID: String, table: String) async throws -> [ScoreRow]
  /// The run that ranks of this one are compared with; `nil` when there is none.
  func previousComparable(to run: Run) async throws -> Run?
  func tryScheme(_ request: TrialRequest) async throws -> SchemeTrial
  /// - Parameter institutionID: empty for all.
  func appeals(runID: String, institutionID: String, after: String?, limit: Int) async throws -> KeysetPage<Appeal>
  func progress(_ filter: ProgressFilter, after: String?, limit: Int) async throws -> KeysetPage<ProgressLine>
  /// The lines of a published run that anyone may have: those of people are counted, not listed.
  func openRows(runID: String) async throws -> (rows: [ScoreRow], withheld: Int)
  func adviserAwards(after: String?, limit: Int) async throws -> KeysetPage<AdviserAwards>
  /// - Throws: `RESOURCE_NOT_FOUND`.
  func task(id: String) async throws -> ChallengeTask
  func tasks(_ filter: TaskFilter, after: String?, limit: Int) async throws -> KeysetPage<ChallengeTask>
  /// Recomputes a run from its frozen inputs.
  /// - Throws: `RESOURCE_NOT_FOUND`; `CHAIN_BROKEN` when inputs or results no longer fit the run's digests.
  func recompute(runID: String) async throws -> Evaluation
  func verifyChain() async throws -> ChainFinding
  func log(after sequence: Int64) -> any AsyncSequence<LogEntry, any Error> & Sendable
  func logHead() async throws -> Int64
}

/// The cursor and the effects of the feeds, stored in one transaction.
package protocol FeedLedger: Sendable {
  /// Last applied sequence, 0 for none.
  func cursor(_ source: FeedSource) async throws -> Int64
  /// Applies the events that follow the cursor, skips those behind it, and stops before a gap.
  /// - Returns: the cursor afterwards, and the gap that stopped it.
  func apply(_ events: [FeedEvent], from source: FeedSource, now: Instant) async throws -> (cursor: Int64, gap: Bool)
}
