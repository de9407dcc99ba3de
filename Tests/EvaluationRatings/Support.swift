import EvaluationRatings
import EvaluationRatingsStore
import Foundation
import Kernel
import Storage

enum Given {
  /// 2023-11-15 in Shanghai.
  static let now = Instant(microseconds: 1_700_000_000_000_000)
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func caller(
    _ subject: String, organisation: String = "office", role: Role = .operator, region: String = ""
  ) -> Caller {
    Caller(organisation: organisation, role: role, regionPrefix: region, subject: subject)
  }

  static func envelope(_ key: String, _ subject: String = "li", region: String = "") throws -> CommandEnvelope {
    try CommandEnvelope(
      requestID: key, method: "test", caller: caller(subject, region: region),
      requestHash: [UInt8](repeating: 0, count: 32), now: now)
  }

  static func text<Value>(_ value: Value) -> [UInt8] { Array("\(value)".utf8) }

  static func range(
    _ lower: Int64?, _ upper: Int64?, _ points: Int64, lowerInclusive: Bool = false, upperInclusive: Bool = true
  ) -> Bin {
    Bin(
      label: "\(lower.map(String.init) ?? "")..\(upper.map(String.init) ?? "")",
      cover: .range(
        ValueRange(
          lower: lower, lowerInclusive: lower != nil && lowerInclusive, upper: upper,
          upperInclusive: upper != nil && upperInclusive)), points: points)
  }

  static let missing = Bin(label: "missing", cover: .missing, points: 0)
  static let own = RatingSource.ownChoice(reason: "a test")

  /// 500 points, revenue ≤ 10 (−20), ≤ 100 (10), above (40); sector shop (5), farm (25), others (0).
  static var card: Scorecard {
    Scorecard(
      id: "test", titleZH: "测试", titleEN: "Test", purpose: .credit, constantPoints: 500,
      characteristics: [
        Characteristic(
          id: "revenue", titleZH: "收入", titleEN: "Revenue", unit: "fen",
          bins: [range(nil, 10, -20), range(10, 100, 10), range(100, nil, 40), missing], order: .rising, source: own),
        Characteristic(
          id: "sector", titleZH: "行业", titleEN: "Sector", unit: "",
          bins: [
            Bin(label: "shop", cover: .group(["shop", "kiosk"]), points: 5),
            Bin(label: "farm", cover: .group(["farm"]), points: 25), Bin(label: "other", cover: .other, points: 0),
            missing,
          ], source: own),
      ], scaling: nil,
      grades: [
        GradeCut(grade: "AAA", minimum: 560, goods: 30, bads: 1),
        GradeCut(grade: "A", minimum: 510, goods: 50, bads: 5),
        GradeCut(grade: "D", minimum: nil, goods: 10, bads: 4),
      ],
      platformGrades: zip(PlatformGrade.allCases, [560, 540, 510, 480, nil]).map {
        PlatformCut(grade: $0, minimum: $1)
      }, cutoffSource: own,
      card: ModelCard(data: "none", period: "none", target: "a test", limits: ["a test"], fairness: "not looked at"))
  }

  static func inputs(_ revenue: RatingValue, _ sector: RatingValue) -> [(id: String, value: RatingValue)] {
    [(id: "revenue", value: revenue), (id: "sector", value: sector)]
  }

  static func order(
    _ firm: String = "firm-1", revenue: RatingValue = .number(50), region: String = "370302"
  ) throws -> RatingOrder {
    RatingOrder(
      scorecardID: "test", firm: RatedFirm(id: firm, regionCode: region, size: .small),
      day: try BusinessDate(iso: "2023-11-01"),
      inputs: [.init(id: "revenue", value: revenue), .init(id: "sector", value: .category("farm"))])
  }

  static func outcome(_ outcome: Outcome, reason: String = "") throws -> ObservedOutcome {
    ObservedOutcome(
      outcome: outcome, day: try BusinessDate(iso: "2023-11-10"), evidenceKind: "letter", evidenceReference: "1",
      reporter: "office/li", correctionReason: reason)
  }
}

extension CommandReply {
  /// `nil` for a replay.
  var fresh: Outcome? {
    if case .fresh(let outcome) = self { outcome } else { nil }
  }
}

/// A store in a directory of its own, gone after the test.
func withStore<R>(_ body: (RatingStore, Store) async throws -> R) async throws -> R {
  let configuration = try StoreConfiguration.temporary()
  defer { try? FileManager.default.removeItem(atPath: configuration.directory) }
  let store = try Store.open(configuration, migrations: RatingMigrations.all)
  let result: R
  do { result = try await body(RatingStore(store), store) } catch {
    await store.close()
    throw error
  }
  await store.close()
  return result
}

func domainError(_ body: () throws(DomainError) -> Void) -> DomainError? {
  do throws(DomainError) {
    try body()
    return nil
  } catch { return error }
}
