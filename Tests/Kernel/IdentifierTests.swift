import Kernel
import Testing

@Suite struct IdentifierTests {
  @Test func `an identifier has 26 characters and sorts by time`() {
    var random = SeededGenerator(seed: 6)
    var previous = ""
    for step in 0..<2_000 {
      let instant = Instant(microseconds: 1_700_000_000_000_000 + Int64(step) * 1_000)
      let identifier = Identifier.make(
        at: instant, random: UInt16.random(in: .min ... .max, using: &random), random.next())
      #expect(identifier.utf8.count == 26)
      #expect(ResourceName.isID(identifier))
      #expect(previous < identifier)
      previous = identifier
    }
  }

  @Test func `the layout is that of a ULID`() {
    // 01ARZ3NDEKTSV4RRFFQ69G5FAV is the specification's example: 1 469 922 850 259 ms, randomness D6 76 4C 61 EF B9 93 02 BD 5B.
    let text = Identifier.make(
      at: Instant(microseconds: 1_469_922_850_259_000), random: 0xD676, 0x4C61_EFB9_9302_BD5B)
    #expect(text == "01ARZ3NDEKTSV4RRFFQ69G5FAV")
    #expect(Identifier.make(at: Instant(microseconds: 0), random: 0, 0) == String(repeating: "0", count: 26))
    #expect(Identifier.make(at: Instant(microseconds: -1), random: .max, .max) == "0000000000ZZZZZZZZZZZZZZZZ")
  }

  @Test(arguments: ["demands/a", "demands/01ARZ3NDEKTSV4RRFFQ69G5FAV", "demands/A-b_c.d~9"])
  func `a resource name gives its id`(name: String) throws {
    #expect(try "demands/" + ResourceName.id(of: name, in: "demands") == name)
  }

  @Test(arguments: [
    "", "/", "demands", "demands/", "/a", "offers/a", "demands/a/b", "demands//a", "demands/a b", "demands/惠",
    "demands/a\n", "Demands/a", "demands/" + String(repeating: "x", count: 65), "demands/a%2Fb",
  ])
  func `any other resource name is refused`(name: String) {
    #expect(reason { _ = try ResourceName.id(of: name, in: "demands") } == "INVALID_RESOURCE_NAME")
  }
}
