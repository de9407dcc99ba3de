import Kernel
import Testing

@Suite struct MoneyTests {
  @Test func `addition and subtraction are exact or refuse to overflow`() throws {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<20_000 {
      let (a, b) = (random.amount(), random.amount())
      let (sum, difference) = (Int128(a) + Int128(b), Int128(a) - Int128(b))
      if let exact = Int64(exactly: sum) {
        #expect(try Money(a, .cny).adding(Money(b, .cny)).minorUnits == exact)
      } else {
        #expect(reason { _ = try Money(a, .cny).adding(Money(b, .cny)) } == "AMOUNT_OVERFLOW")
      }
      if let exact = Int64(exactly: difference) {
        #expect(try Money(a, .cny).subtracting(Money(b, .cny)).minorUnits == exact)
      } else {
        #expect(reason { _ = try Money(a, .cny).subtracting(Money(b, .cny)) } == "AMOUNT_OVERFLOW")
      }
    }
  }

  @Test func `currencies never mix`() {
    let (yuan, dollar) = (Money(1, .cny), Money(1, .usd))
    #expect(reason { _ = try yuan.adding(dollar) } == "CURRENCY_MISMATCH")
    #expect(reason { _ = try yuan.subtracting(dollar) } == "CURRENCY_MISMATCH")
    #expect(reason { _ = try yuan.isLess(than: dollar) } == "CURRENCY_MISMATCH")
  }

  @Test(arguments: [
    (0, "CNY 0.00"), (1, "CNY 0.01"), (-1, "CNY -0.01"), (123_456, "CNY 1234.56"), (-100, "CNY -1.00"),
    (Int64.min, "CNY -92233720368547758.08"), (Int64.max, "CNY 92233720368547758.07"),
  ])
  func `an amount prints two decimals`(minorUnits: Int64, text: String) {
    #expect("\(Money(minorUnits, .cny))" == text)
  }

  @Test(arguments: ["CNY", "USD", "AUD", "EUR", "GBP", "HKD", "SGD", "CHF", "CAD", "NZD"])
  func `a currency of two decimals is accepted`(code: String) throws {
    #expect(try Currency(code).code == code)
  }

  @Test(arguments: ["", "cny", "CN", "CNYY", "JPY", "KWD", "XXX", "人民币", "CNY "])
  func `any other currency is refused`(code: String) {
    #expect(reason { _ = try Currency(code) } == "INVALID_CURRENCY")
  }

  @Test func `a currency survives its coding and a wrong one does not decode`() throws {
    #expect(reason { _ = try Currency("JPY") } == "INVALID_CURRENCY")
    #expect(try Money(5, .cny).times(Rate(ppm: 500_000)) == Money(3, .cny), "half a 分 rounds away from zero")
    #expect(try Money(-5, .cny).times(Rate(ppm: 500_000)) == Money(-3, .cny))
  }
}
