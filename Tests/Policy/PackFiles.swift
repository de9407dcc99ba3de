import Foundation
import Kernel

@testable import Policy

/// The packs as they ship, read from the source tree.
enum PackFiles {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let folder = root.appendingPathComponent("Shared/Policy/Packs")

  static func page(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }.sorted()
  }

  static func source(_ name: String, adoptedFor: String? = nil) throws -> PolicySource {
    let file = name.hasSuffix(".yaml") ? name : name + ".yaml"
    let yaml = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
    return PolicySource(name: file, yaml: yaml, adoptedFor: adoptedFor)
  }

  /// Every shipped pack alone, loaded once.
  private static let alone: [String: PolicyBook] = {
    var books: [String: PolicyBook] = [:]
    for name in (try? names()) ?? [] {
      books[String(name.dropLast(".yaml".count))] = try? PolicyBook.load([source(name)], hash: fingerprint)
    }
    return books
  }()

  static func book(_ names: String...) throws -> PolicyBook {
    if names.count == 1, let book = alone[names[0]] { return book }
    return try PolicyBook.load(try names.map { try source($0) }, hash: fingerprint)
  }

  /// Not cryptographic: FNV-1a, enough to see that a byte changed.
  static func fingerprint(_ bytes: [UInt8]) -> [UInt8] {
    var state: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return (0..<8).map { UInt8(truncatingIfNeeded: state >> (56 - 8 * $0)) }
  }
}

func day(_ iso: String) throws -> BusinessDate { try BusinessDate(iso: iso) }

/// Whole yuan.
func yuan(_ amount: Int64) -> Money { Money(amount * 100, .cny) }

extension PolicyUnit where Value == PolicyDatum {
  /// Whatever the rule holds, for tables that compare values of every kind.
  static var any: PolicyUnit<PolicyDatum> { PolicyUnit(name: "anything") { $0 } }
}

extension PolicyDatum {
  static func ppm(_ value: Int64) -> PolicyDatum { .rate(Rate(ppm: value)) }
  static func perDay(_ value: Int64) -> PolicyDatum { .ratePerDay(Rate(ppm: value)) }
  static func cny(_ amount: Int64) -> PolicyDatum { .money(yuan(amount)) }
  static func calendarDays(_ count: Int64) -> PolicyDatum { .days(PolicyDays(count: count, kind: .calendar)) }
  static func workingDays(_ count: Int64) -> PolicyDatum { .days(PolicyDays(count: count, kind: .working)) }
  static func day(_ iso: String) -> PolicyDatum { (try? BusinessDate(iso: iso)).map(PolicyDatum.date) ?? .text(iso) }
  static func atLeast(_ grade: String) -> PolicyDatum { (try? Grade(grade)).map(PolicyDatum.grade) ?? .text(grade) }
}
