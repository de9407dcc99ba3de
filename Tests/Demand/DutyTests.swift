import DemandDomain
import Kernel
import Testing

/// 轮值行: whole years of the roster, by the decision alone.
@Suite struct DutyTests {
  private struct Year {
    var roster: [Case] = []
    var served: [String: Int] = [:]
    var led: [String: Int] = [:]
    var order: [String] = []

    mutating func arrange(_ months: ClosedRange<Int>, _ banks: [String], year: Int = 2025) throws {
      let policy = try Fixture.policy()
      for month in months {
        let duty = try ArrangeDuty(
          id: Fixture.id(year * 12 + month), region: RegionCode("370300"), year: year, month: month, banks: banks
        ).decide(roster, leadBanks: Set(banks), policy: policy, caller: Fixture.regulator, now: Fixture.noon)
        roster.append(duty)
        let all = duty.organisations("lead") + duty.organisations("participating")
        for bank in all { served[bank, default: 0] += 1 }
        for bank in duty.organisations("lead") { led[bank, default: 0] += 1 }
        order += all
      }
    }
  }

  @Test(arguments: 2...9)
  func `over a year all serve alike and all lead alike`(_ count: Int) throws {
    let banks = (1...count).map { "b\($0)" }
    var year = Year()
    try year.arrange(1...12, banks)
    let (served, led) = (banks.map { year.served[$0] ?? 0 }, banks.map { year.led[$0] ?? 0 })
    #expect((served.max() ?? 0) - (served.min() ?? 0) <= 1, "\(served)")
    #expect((led.max() ?? 0) - (led.min() ?? 0) <= 1, "\(led)")
  }

  @Test func `whoever joins in October serves like the others from then on`() throws {
    var year = Year()
    try year.arrange(1...9, ["b1", "b2", "b3", "b4"])
    let before = year.served
    try year.arrange(10...12, ["b1", "b2", "b3", "b4", "b5"])
    // Six places for five banks: the newcomer has one or two of them and not one each month.
    let since = ["b1", "b2", "b3", "b4", "b5"].map { year.served[$0, default: 0] - before[$0, default: 0] }
    #expect((since.max() ?? 0) <= 2 && since.reduce(0, +) == 6 && since.last == 1, "\(since)")
  }

  @Test func `whoever leaves is not waited for`() throws {
    var year = Year()
    try year.arrange(1...1, ["b1", "b2", "b3", "b4", "b5"])
    try year.arrange(2...3, ["b1", "b2", "b3", "b4"])
    #expect(Set(year.order.prefix(4)) == ["b1", "b2", "b3", "b4"])
    #expect(Set(year.order.suffix(2)) == ["b1", "b2"])
  }

  @Test func `a month follows the last one that is arranged, over the end of the year`() throws {
    var year = Year()
    try year.arrange(11...12, ["b1", "b2", "b3"])
    #expect(refusal { try year.arrange(2...2, ["b1", "b2", "b3"], year: 2026) }?.metadata["next"] == "2026-01")
    #expect(refusal { try year.arrange(10...10, ["b1", "b2", "b3"]) }?.reason == .stateConflict)
    #expect(refusal { try year.arrange(12...12, ["b1", "b2", "b3"]) }?.reason == .resourceExists)
    try year.arrange(1...1, ["b1", "b2", "b3"], year: 2026)
    #expect(Set(year.order.prefix(3)) == ["b1", "b2", "b3"])
  }

  @Test func `only lead banks of the chains are on duty`() throws {
    let duty = try ArrangeDuty(
      id: Fixture.id(1), region: RegionCode("370300"), year: 2025, month: 1, banks: ["b1", "x"])
    let error = refusal {
      try duty.decide(
        [], leadBanks: ["b1"], policy: try Fixture.policy(), caller: Fixture.regulator, now: Fixture.noon)
    }
    #expect(error?.field == "banks[1]")
  }
}
