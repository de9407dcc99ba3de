import Kernel
import Protos
import SwiftProtobuf
import Testing

@testable import RPCEdge

@Suite("Conversions")
struct ConversionTests {
  @Test("money goes there and back, and a wrong currency names its field")
  func money() throws {
    let money = Money(-12_345, .cny)
    #expect(try Money(Huirong_Common_V1_Money(money), field: "amount") == money)
    let error = #expect(throws: DomainError.self) {
      try Money(.with { $0.currencyCode = "RMB" }, field: "demand.amount")
    }
    #expect(error?.reason == .invalidCurrency)
    #expect(error?.field == "demand.amount.currency_code")
  }

  @Test("an amount must be above zero, or not below it, where the rule says so")
  func signs() throws {
    let zero = Huirong_Common_V1_Money(.zero(.cny))
    #expect(try Money.nonNegative(zero, field: "a").isZero)
    #expect(throws: DomainError.self) { try Money.positive(zero, field: "a") }
    let error = #expect(throws: DomainError.self) {
      try Money.nonNegative(Huirong_Common_V1_Money(Money(-1, .cny)), field: "a")
    }
    #expect(error?.field == "a.minor_units")
  }

  @Test("a rate outside its bounds is refused, never clamped")
  func rate() throws {
    #expect(try Rate(.with { $0.ppm = 1_000_000 }, field: "r") == .one)
    let error = #expect(throws: DomainError.self) { try Rate(.with { $0.ppm = 1_000_001 }, field: "r") }
    #expect(error?.field == "r.ppm")
    #expect(Rate(.with { $0.ppm = 1_080_000 }).description == "108%")
  }

  @Test("dates and times go there and back; what does not exist names its field")
  func times() throws {
    let date = try BusinessDate(iso: "2024-02-29")
    #expect(try BusinessDate(Huirong_Common_V1_Date(date), field: "d") == date)
    let error = #expect(throws: DomainError.self) {
      try BusinessDate(.with { ($0.year, $0.month, $0.day) = (2023, 2, 29) }, field: "loan.due")
    }
    #expect(error?.field == "loan.due")
    for microseconds: Int64 in [0, 1, -1, 1_767_323_045_678_901, -62_135_596_800_000_000] {
      let instant = Instant(microseconds: microseconds)
      let proto = Google_Protobuf_Timestamp(instant)
      #expect((0...999_999_999).contains(proto.nanos))
      #expect(try Instant(proto, field: "t") == instant)
    }
    for (seconds, nanos) in [(253_402_300_800, 0), (-62_135_596_801, 0), (0, -1), (0, 1_000_000_000), (0, 1)]
      as [(Int64, Int32)]
    {
      #expect(throws: DomainError.self) {
        try Instant(.with { ($0.seconds, $0.nanos) = (seconds, nanos) }, field: "t")
      }
    }
  }

  @Test("required fields, texts, enums, numbers and lists are checked by name")
  func require() throws {
    #expect(reason { () throws(DomainError) in try Require.set(false, "a.b") } == .requiredFieldMissing)
    #expect(reason { () throws(DomainError) in try Require.text("", "t") } == .requiredFieldMissing)
    #expect(reason { () throws(DomainError) in try Require.text("x\u{0}", "t") } == .invalidArgument)
    #expect(reason { () throws(DomainError) in try Require.text("融资", "t", maximum: 1) } == .invalidArgument)
    #expect(try Require.text("行一\n行二", "t") == "行一\n行二")
    #expect(
      reason { () throws(DomainError) in try Require.value(Huirong_Common_V1_SizeBand.unspecified, "b") }
        == .requiredFieldMissing)
    #expect(
      reason { () throws(DomainError) in try Require.value(Huirong_Common_V1_SizeBand.UNRECOGNIZED(99), "b") }
        == .invalidArgument)
    #expect(try Require.value(Huirong_Common_V1_SizeBand.small, "b") == .small)
    #expect(reason { () throws(DomainError) in try Require.number(11, in: 1...10, "n") } == .invalidArgument)
    #expect(reason { () throws(DomainError) in try Require.count(11, maximum: 10, "l") } == .batchTooLarge)
    #expect(
      reason { () throws(DomainError) in try Require.count(0, minimum: 1, maximum: 10, "l") } == .requiredFieldMissing)
  }

  private func reason<Value>(_ body: () throws(DomainError) -> Value) -> ErrorReason? {
    do {
      _ = try body()
      return nil
    } catch {
      return error.reason
    }
  }

  @Test("an update mask names what may change and nothing else")
  func updateMask() throws {
    let updatable = ["title", "rate"]
    #expect(try UpdateMask(.init(), updatable: updatable).contains("rate"))
    #expect(try UpdateMask(.with { $0.paths = ["*"] }, updatable: updatable).contains("title"))
    let mask = try UpdateMask(.with { $0.paths = ["title"] }, updatable: updatable)
    #expect(mask.contains("title") && !mask.contains("rate"))
    for paths in [["name"], ["title", "title"], ["title", "*"]] {
      let error = #expect(throws: DomainError.self) { try UpdateMask(.with { $0.paths = paths }, updatable: updatable) }
      #expect(error?.field == "update_mask")
    }
  }
}
