import Kernel
import Testing

@Suite struct CallerTests {
  private static let caller = Caller(
    organisation: "bureau-yantai", role: .regulator, regionPrefix: "3706", subject: "clerk-1")

  private func envelope(_ requestID: String) throws -> CommandEnvelope {
    try CommandEnvelope(
      requestID: requestID, method: "huirong.fund.v1.FundService/ReserveGuarantee", caller: Self.caller,
      requestHash: [], now: Instant(microseconds: 0))
  }

  @Test func `a region is covered by its prefix`() {
    #expect(Self.caller.covers(region: "3706"))
    #expect(Self.caller.covers(region: "370602"))
    #expect(!Self.caller.covers(region: "3703"))
    #expect(!Self.caller.covers(region: "37"))
  }

  @Test(arguments: ["a", "!", "~", "018f-uuid", String(repeating: "k", count: 64)])
  func `a request id is 1 to 64 visible ASCII characters`(id: String) throws {
    #expect(try envelope(id).requestID == id)
  }

  @Test(arguments: ["", " ", "a b", "a\t", "é", "惠", String(repeating: "k", count: 65), "\u{7F}"])
  func `any other request id is refused`(id: String) {
    #expect(reason { _ = try envelope(id) } == "INVALID_REQUEST_ID")
  }

  @Test func `an error reads as reason, message and field`() {
    let error = DomainError.invalid("rate.ppm", "must not be negative").within("product")
    #expect("\(error)" == "INVALID_ARGUMENT: must not be negative (field product.rate.ppm)")
    #expect(DomainError(.internal, "x").within("product").field == "product")
    #expect(Set(ErrorReason.allCases.map(\.rawValue)).count == ErrorReason.allCases.count)
    #expect(Set(ErrorReason.allCases.map(\.kind)) == Set(ErrorKind.allCases), "every kind has a reason")
  }
}
