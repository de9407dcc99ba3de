import DemandDomain
import Kernel
import Policy

// How the log spells the small values that many entries share.

extension Money {
  var json: JSONValue { .members(["currency": .text(currency.code), "minor": .integer(minorUnits)]) }

  init(json: JSONValue) throws {
    self.init(try json.integer("minor"), try Currency(try json.text("currency")))
  }
}

extension JSONValue {
  static func day(_ date: BusinessDate?) -> JSONValue { .text(date?.description) }
  static func time(_ instant: Instant) -> JSONValue { .integer(instant.microseconds) }

  func day(_ key: String) throws -> BusinessDate { try BusinessDate(iso: try text(key)) }
  func optionalDay(_ key: String) throws -> BusinessDate? { self[key] == .null ? nil : try day(key) }
  func time(_ key: String) throws -> Instant { Instant(microseconds: try integer(key)) }
}

extension Evidence {
  var json: JSONValue {
    .members([
      "kind": .text(kind), "reference": .text(reference),
      "sha256": sha256.isEmpty ? .null : .text(Hexadecimal.text(sha256)),
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      storedKind: try json.text("kind"), reference: try json.text("reference"),
      sha256: try json.optionalText("sha256").map(Hexadecimal.bytes) ?? [])
  }
}

extension Citation {
  var json: JSONValue {
    .members([
      "rule": .text(ruleID), "document": .text(document), "article": .text(article), "quote": .text(quote),
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      ruleID: try json.text("rule"), document: try json.text("document"), article: try json.text("article"),
      quote: try json.text("quote"))
  }
}

extension HeldConsent {
  var json: JSONValue { .members(["kind": .text(kind.rawValue), "expires_on": .day(expiresOn)]) }

  init(json: JSONValue) throws {
    self.init(kind: try json.word("kind"), expiresOn: try json.day("expires_on"))
  }
}

extension EnterpriseProfile {
  var json: JSONValue {
    .members([
      "name": .text(displayName), "region": .text(region.text), "industry": .text(industry.text),
      "size": .text(sizeBand?.rawValue), "grade": .text(grade?.rawValue), "first_loan": .flag(firstLoan),
      "tags": .list(tags.map(JSONValue.text)), "consents": .list(consents.map(\.json)),
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      displayName: try json.text("name"), region: try RegionCode(try json.text("region")),
      industry: try IndustryCode(try json.text("industry")), sizeBand: try json.optionalWord("size"),
      grade: try json.optionalWord("grade"), firstLoan: try json.flag("first_loan"),
      tags: try json.list("tags").map { try $0.textItem },
      consents: try json.list("consents").map(HeldConsent.init(json:)))
  }
}

extension JSONValue {
  var textItem: String {
    get throws {
      guard case .text(let text) = self else { throw LogFormatError(description: "an entry of a list is no text") }
      return text
    }
  }
}

enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  static func bytes(_ text: String) throws -> [UInt8] {
    let digits = Array(text.utf8)
    guard digits.count % 2 == 0 else { throw LogFormatError(description: "hexadecimal of odd length") }
    return try stride(from: 0, to: digits.count, by: 2).map { index in
      guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else {
        throw LogFormatError(description: "no hexadecimal")
      }
      return byte
    }
  }
}
