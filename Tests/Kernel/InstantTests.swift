import Kernel
import Testing

@Suite struct InstantTests {
  @Test(arguments: [
    (0, "1970-01-01"), (57_599_999_999, "1970-01-01"), (57_600_000_000, "1970-01-02"), (-28_800_000_000, "1970-01-01"),
    (-28_800_000_001, "1969-12-31"), (1_691_337_599_999_999, "2023-08-06"), (1_691_337_600_000_000, "2023-08-07"),
  ])
  func `the business day changes at midnight in Shanghai`(microseconds: Int64, day: String) throws {
    #expect(try Instant(microseconds: microseconds).shanghaiDate().description == day)
  }

  @Test(arguments: [Int64.min, .max, -2_208_988_800_000_001 - 28_800_000_000, 7_258_118_400_000_000])
  func `a time outside the accepted years is refused`(microseconds: Int64) {
    #expect(reason { _ = try Instant(microseconds: microseconds).shanghaiDate() } == "INVALID_DATE")
  }
}
