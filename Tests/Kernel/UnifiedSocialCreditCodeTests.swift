import Kernel
import Testing

@Suite struct UnifiedSocialCreditCodeTests {
  private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")

  @Test func `the example of the national standard is valid`() throws {
    #expect(try UnifiedSocialCreditCode("91350100M000100Y43").standing == .valid)
  }

  @Test func `a code whose position 18 fails but whose position 17 holds is legacy`() throws {
    // Organisation code M000100Y has the check digit 4, so every other last character is an early-pilot code.
    for last in Self.alphabet where last != "3" {
      #expect(try UnifiedSocialCreditCode("91350100M000100Y4" + String(last)).standing == .legacy)
    }
  }

  @Test(arguments: [
    "", "91350100M000100Y4", "91350100M000100Y433", "91350100m000100y43", "91350100I000100Y43", "9135O100M000100Y43",
    "91350100M000100S43", "91350100V000100Y43", "91350100Z000100Y43", "91350100M000100Y53", "91350100Μ000100Y43",
    "９1350100M00010", "                  ",
  ])
  func `anything else is invalid`(text: String) {
    #expect(reason { _ = try UnifiedSocialCreditCode(text) } == "INVALID_USCC")
  }

  @Test func `a single wrong character never passes as valid`() throws {
    let code = Array("91350100M000100Y43")
    for position in code.indices {
      for character in Self.alphabet where character != code[position] {
        var wrong = code
        wrong[position] = character
        if let parsed = try? UnifiedSocialCreditCode(String(wrong)) { #expect(parsed.standing == .legacy) }
      }
    }
  }

  @Test func `completing a body makes the one valid code of it`() throws {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<2_000 {
      let body = String((0..<17).map { _ in Self.alphabet.randomElement(using: &random) ?? "0" })
      let code = try #require(UnifiedSocialCreditCode.completing(body: body))
      #expect(code.standing == .valid)
      let valid = Self.alphabet.filter {
        (try? UnifiedSocialCreditCode(body + String($0)))?.standing == .valid
      }
      #expect(valid.count == 1)
    }
    #expect(UnifiedSocialCreditCode.completing(body: "91350100M000100Y") == nil)
    #expect(UnifiedSocialCreditCode.completing(body: "91350100I000100Y4") == nil)
  }

  @Test(arguments: [("M000100Y", "4"), ("D2143569", "X"), ("00000000", "0")])
  func `the organisation code has its own check character`(body: String, check: Character) {
    #expect(UnifiedSocialCreditCode.organisationCheck(Array(body.utf8)).map { Character(Unicode.Scalar($0)) } == check)
  }
}
