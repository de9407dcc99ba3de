import DemandDomain
import Kernel
import Policy
import Testing

@Suite struct ValueTests {
  @Test(arguments: ["370302", "370302001", "370302001002", "370300", "370000", "110101", "659001"])
  func `a region code of 6, 9 or 12 digits is taken`(_ code: String) throws {
    #expect(try RegionCode(code).text == code)
  }

  @Test(arguments: ["", "37", "3703", "37030", "3703020", "9903020", "990302", "37o302", "370002", "３７０３０２"])
  func `anything else is no region code`(_ code: String) {
    let error = refusal { try RegionCode(code, field: "demand.region_code") }
    #expect(error?.reason == .invalidRegion && error?.field == "demand.region_code")
  }

  @Test func `a municipality's city regulator answers for all of it`() throws {
    #expect(try RegionCode("310115").cityRegulatorScope == "31")
    #expect(try RegionCode("370302").cityRegulatorScope == "3703")
    #expect(try RegionCode("370300").countyRegulatorScope == nil)
  }

  @Test(arguments: ["C", "C13", "C139", "C1391", "A01", "T97", "S96"])
  func `an industry code is a letter and its own digits`(_ code: String) throws {
    #expect(try IndustryCode(code).text == code)
  }

  @Test(arguments: ["", "c13", "U01", "C1", "C13911", "C44", "A06", "C99", "13", "CC3"])
  func `an industry code of another shape or section is refused`(_ code: String) {
    #expect(refusal { try IndustryCode(code) }?.reason == .invalidIndustry)
  }

  @Test func `a legacy credit code needs the operator's list`() throws {
    // Position 17 fits, position 18 does not.
    let organisation = Fixture.uscc.dropFirst(8).prefix(8)
    let check = try #require(UnifiedSocialCreditCode.organisationCheck(Array(organisation.utf8)))
    let body = Fixture.uscc.prefix(8) + organisation + String(UnicodeScalar(check))
    let right = try #require(UnifiedSocialCreditCode.completing(body: String(body))).text
    let wrong = String(body) + (right.hasSuffix("0") ? "1" : "0")
    let draft = try Fixture.draft()
    let refused = refusal { try RegisterEnterprise(uscc: wrong, draft: draft, legacyCodes: []) }
    #expect(refused?.reason == .invalidUSCC && refused?.metadata["standing"] == "legacy")
    #expect(try RegisterEnterprise(uscc: wrong, draft: draft, legacyCodes: [wrong]).uscc.standing == .legacy)
  }

  @Test func `size is judged with its source, and left open when a figure is missing`() throws {
    let policy = try Fixture.policy()
    let small = try Fixture.enterprise(policy, try Fixture.draft(staff: 299, revenue: 3_000_000))
    #expect(small.size?.band == .small)
    #expect(small.size?.citations.isEmpty == false)
    // 500 staff but 200 万元 of revenue: micro, because a size needs all its bounds.
    #expect(try Fixture.enterprise(policy, try Fixture.draft(staff: 500, revenue: 2_000_000)).size?.band == .micro)
    var draft = try Fixture.draft()
    draft.sizeInputs?.revenue = nil
    #expect(try Fixture.enterprise(policy, draft).size?.band == nil)
  }

  @Test func `a firm does not grade itself`() throws {
    let policy = try Fixture.policy()
    let error = refusal {
      try Fixture.registration().decide(existing: nil, policy: policy, caller: Fixture.firm, now: Fixture.noon)
    }
    #expect(error?.reason == .outOfScope && error?.field == "enterprise.platform_grade")
  }

  @Test func `texts are bounded and free of control characters`() {
    #expect(refusal { try Texts.required("", "x", maximum: 5) }?.reason == .requiredFieldMissing)
    #expect(refusal { try Texts.required("　", "x", maximum: 5) }?.reason == .requiredFieldMissing)
    #expect(refusal { try Texts.optional("abcdef", "x", maximum: 5) }?.field == "x")
    #expect(refusal { try Texts.optional("a\u{0}b", "x", maximum: 5) }?.reason == .invalidArgument)
    #expect(refusal { try Texts.optional("五个汉字也", "x", maximum: 5) } == nil)
  }

  @Test func `amounts must be above zero and below what sums can hold`() {
    #expect(refusal { try Fixture.submission(amount: Money(0, .cny)) }?.field == "demand.amount.minor_units")
    #expect(refusal { try Fixture.submission(amount: Money(-1, .cny)) }?.reason == .invalidArgument)
    #expect(refusal { try Fixture.submission(amount: Money(.max, .cny)) }?.reason == .limitExceeded)
  }
}
