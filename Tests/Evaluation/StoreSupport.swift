import EvaluationDomain
import EvaluationStore
import Foundation
import Kernel
import Storage

/// A store in a directory of its own, gone after the test.
func withStore<R>(_ body: (EvaluationStore, Store) async throws -> R) async throws -> R {
  let configuration = try StoreConfiguration.temporary()
  defer { try? FileManager.default.removeItem(atPath: configuration.directory) }
  let store = try Store.open(configuration, migrations: EvaluationMigrations.all(with: []))
  let result: R
  do { result = try await body(EvaluationStore(store, policyDigest: "packs"), store) } catch {
    await store.close()
    throw error
  }
  await store.close()
  return result
}

enum Sent {
  static func envelope(
    _ key: String, subject: String = "li", role: Role = .operator, body: UInt8 = 0, method: String = "test",
    organisation: String = "office", days: Int64 = 0
  ) throws -> CommandEnvelope {
    try CommandEnvelope(
      requestID: key, method: method,
      caller: Caller(organisation: organisation, role: role, regionPrefix: "", subject: subject),
      requestHash: [UInt8](repeating: body, count: 32),
      now: Instant(microseconds: Given.now.microseconds + days * 86_400_000_000))
  }

  static func text<Value>(_ value: Value) -> [UInt8] { Array("\(value)".utf8) }
}

extension CommandReply {
  /// `nil` for a replay.
  var fresh: Outcome? {
    if case .fresh(let outcome) = self { outcome } else { nil }
  }

  var isReplay: Bool { fresh == nil }
}

/// A small world: two indicators, a derived one, three banks and a scheme.
enum World {
  static let indicators = [
    Given.indicator("amount", .money(.cny), aggregation: .sum, absentIsZero: true),
    Given.indicator("loss", .money(.cny), .lowerIsBetter, aggregation: .sum, absentIsZero: true),
    Given.indicator(
      "loss-ratio", .ppm, .lowerIsBetter, source: .derived(.ratio(numerator: "loss", denominator: "amount"))),
  ]
  static let institutions = ["a", "b", "c"].map { Given.institution($0) }

  static var scheme: Scheme {
    Given.scheme(
      [
        Given.leaf("volume", "amount", 500_000, .ratioToLeader), Given.leaf("loss", "loss-ratio", 500_000, .minMax),
      ], decimals: 2)
  }

  static func row(
    _ institution: String, _ indicator: String, _ value: Int64, _ period: String = "2022", correction: Bool = false
  ) -> FactInput {
    FactInput(
      institutionID: institution, indicatorID: indicator, period: period, value: value, unit: .money(.cny),
      isCorrection: correction, reason: correction ? "typing error" : "")
  }

  static let facts = [
    row("a", "amount", 100_00), row("b", "amount", 50_00), row("c", "amount", 80_00), row("a", "loss", 5_00),
    row("b", "loss", 0), row("c", "loss", 8_00),
  ]

  static func build(_ store: EvaluationStore, facts: [FactInput] = facts) async throws {
    _ = try await store.createIndicators(indicators, envelope: try Sent.envelope("i"), encode: Sent.text)
    _ = try await store.registerInstitutions(institutions, envelope: try Sent.envelope("r"), encode: Sent.text)
    _ = try await store.submitFacts(facts, envelope: try Sent.envelope("f"), encode: Sent.text)
    _ = try await store.createScheme(scheme, previousVersion: 0, envelope: try Sent.envelope("s"), encode: Sent.text)
  }

  /// Another person adopts the latest version of the scheme.
  static func adopt(_ store: EvaluationStore, key: String = "adopt") async throws {
    let draft = try await store.scheme(id: "test", version: nil)
    _ = try await store.adoptScheme(
      id: "test", version: draft.scheme.version, digest: draft.digest,
      envelope: try Sent.envelope(key, subject: "wang"), encode: Sent.text)
  }

  static func run(_ store: EvaluationStore, key: String = "run", period: String = "2022") async throws -> Run {
    let request = RunRequest(schemeID: "test", schemeVersion: nil, scope: RunScope(period: try Period(period)))
    let reply = try await store.runEvaluation(request, envelope: try Sent.envelope(key), encode: Sent.text)
    guard let run = reply.fresh else { throw DomainError(.internal, "replayed") }
    return run
  }
}
