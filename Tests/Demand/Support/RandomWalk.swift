import DemandDomain
import Kernel

/// Random steps of random actors: what the model and the code under test are both given.
struct RandomWalk {
  var generator: SeededGenerator
  let id: String
  /// Whose demand it is.
  var firm = Fixture.firm

  static let banks = ["bank-a", "bank-b", "bank-c", "bank-d"]
  static let amounts: [Int64] = [1, 50_000_000, 100_000_000, 200_000_000, 300_000_000]

  static let strangers: [Caller] =
    banks.map { Fixture.bank($0) } + [
      Fixture.bank("bank-x", region: "3706"), Fixture.grid, Fixture.regulator, Fixture.operators,
      Fixture.service, Fixture.adviser, Fixture.analyst,
      Caller(organisation: Fixture.otherUSCC, role: .enterprise, regionPrefix: "", subject: "x"),
      Caller(organisation: "grid-370303", role: .gridWorker, regionPrefix: "370303", subject: "x"),
      Caller(organisation: "bureau-37", role: .regulator, regionPrefix: "37", subject: "x"),
    ]

  mutating func pick<Item>(_ items: [Item]) -> Item { items[Int.random(in: 0..<items.count, using: &generator)] }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

  /// Often the caller that could, so that walks get somewhere, and often any other.
  mutating func caller(for step: PaperDemand.Step) -> Caller {
    if chance(40) { return pick(Self.strangers + [firm]) }
    switch step {
    case .judge, .push, .close, .escalate, .plan, .note, .reopen:
      return pick([Fixture.grid, Fixture.regulator, Fixture.operators])
    case .invite(let bank, _), .join(let bank), .pause(let bank), .resume(let bank), .contact(let bank),
      .acknowledge(let bank):
      return bank.isEmpty ? Fixture.bank(pick(Self.banks)) : pick([Fixture.bank(bank), Fixture.service])
    case .claim(let bank), .offer(let bank, _), .sign(let bank, _, _), .pay(let bank, _), .decline(let bank):
      return bank.isEmpty ? Fixture.bank(pick(Self.banks)) : pick([Fixture.bank(bank), Fixture.service])
    case .withdraw: return firm
    case .expire: return Fixture.operators
    }
  }

  /// Often a step that the state asks for, so that walks get somewhere, and often any other.
  mutating func step(for paper: PaperDemand) -> PaperDemand.Step {
    // A broadcast goes on from where it stands: taken up, offered, signed.
    let broadcast = paper.state == .pushed && paper.mode == .broadcast && chance(70)
    let usual = broadcast ? pick([3, 4, 4, 5]) : Self.usual[paper.state] ?? 0
    let kind = chance(55) ? usual : Int.random(in: 0..<22, using: &generator)
    // Sometimes a bank that shares acts in the holder's place.
    let sharing = paper.members.filter { !$0.value.left }.keys.sorted()
    if !sharing.isEmpty, chance(30) {
      let member = pick(sharing)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: return .join(member)
      case 1: return .offer(member, pick(Self.amounts))
      case 2: return .sign(member, pick(Self.amounts), revolving: chance(30))
      case 3: return .pay(member, pick(Self.amounts))
      default: return chance(20) ? .decline(member) : .acknowledge(member)
      }
    }
    if broadcast, kind == 4 || kind == 5, let taker = paper.takers.keys.sorted().first, chance(60) {
      return kind == 4 ? .offer(taker, pick(Self.amounts)) : .sign(taker, pick(Self.amounts), revolving: chance(30))
    }
    let bank = paper.holder.flatMap { chance(75) ? $0 : nil } ?? (chance(15) ? "" : pick(Self.banks + ["bank-x"]))
    switch kind {
    case 0: return .judge(again: false)
    case 1: return .judge(again: true)
    case 2:
      return .push(chance(40) ? .open : chance(40) ? .broadcast : .directed, to: Self.banks.filter { _ in chance(35) })
    case 3: return .claim(bank)
    case 4: return .offer(bank, pick(Self.amounts))
    case 5: return .sign(bank, pick(Self.amounts), revolving: chance(30))
    case 6: return .pay(bank, pick(Self.amounts))
    case 7: return .close
    case 8: return .decline(bank)
    case 9 where chance(15): return .withdraw
    case 10 where chance(30): return .expire(late: chance(50))
    case 11, 12: return .invite(bank, member: pick(Self.banks + ["bank-x"]))
    case 13: return .join(bank)
    case 14 where chance(30): return .escalate
    case 15: return .pause(bank)
    case 16: return .resume(bank)
    case 17: return .contact(bank)
    case 18: return .note
    case 19: return .acknowledge(bank)
    case 20: return .reopen
    case 21: return .plan
    default: return .judge(again: chance(50))
    }
  }

  /// The step that leads on, by its number in `step(for:)`.
  private static let usual: [DemandState: Int] = [
    .submitted: 0, .hard: 1, .assessed: 2, .declined: 2, .pushed: 3, .claimed: 4, .offered: 5, .signed: 6,
    .disbursed: 7,
  ]

  func command(_ step: PaperDemand.Step) throws -> DemandCommand {
    switch step {
    case .judge(false): return .assess(try AssessDemand(demand: id, asOf: nil, reason: ""))
    case .judge(true): return .reassess(try AssessDemand(demand: id, asOf: nil, reason: ""))
    case .push(let mode, let to):
      return .push(
        try PushDemand(
          demand: id, mode: mode,
          candidates: to.map { .init(institution: $0, product: "", score: .one) }, reason: "再看一次"))
    case .claim(let bank): return .claim(try ClaimDemand(demand: id, institution: bank, reason: ""))
    case .offer(let bank, let amount):
      return .offer(
        try OfferDemand(
          demand: id, institution: bank, amount: Money(amount, .cny), rate: Rate(ppm: 40_000), tenorMonths: 12,
          guaranteeNeeded: false, product: "", reason: ""))
    case .sign(let bank, let amount, let revolving):
      return .sign(
        try SignDemand(
          demand: id, institution: bank,
          contract: Contract(
            number: "HT", amount: Money(amount, .cny), signedOn: Fixture.today, revolving: revolving,
            drawBy: Fixture.date("2025-03-01")), reason: ""))
    case .pay(let bank, let amount):
      return .disburse(
        try RecordDisbursement(
          demand: id, institution: bank,
          disbursement: Disbursement(amount: Money(amount, .cny), paidOn: Fixture.today, evidence: Fixture.evidence()),
          reason: ""))
    case .invite(let bank, let member):
      return .invite(
        try InviteInstitution(
          demand: id, institution: bank, member: member, share: Money(100_000_000, .cny), reason: ""))
    case .join(let bank): return .join(try JoinDemand(demand: id, institution: bank, reason: ""))
    case .escalate: return try Fixture.command(.escalate, id: id)
    case .plan: return try Fixture.command(.plan, id: id)
    case .pause(let bank): return try Fixture.command(.pause, id: id, bank: bank)
    case .resume(let bank): return try Fixture.command(.resume, id: id, bank: bank)
    case .contact(let bank): return try Fixture.command(.contact, id: id, bank: bank)
    case .note: return try Fixture.command(.note, id: id)
    case .acknowledge(let bank): return try Fixture.command(.acknowledge, id: id, bank: bank)
    case .reopen: return try Fixture.command(.reopen, id: id)
    case .close: return try Fixture.command(.close, id: id)
    case .decline(let bank): return .decline(try DeclineDemand(demand: id, institution: bank, reason: "额度"))
    case .withdraw: return try Fixture.command(.withdraw, id: id)
    case .expire(let late):
      return .expire(
        try ExpireDemand(demand: id, asOf: Fixture.date(late ? "2025-03-02" : "2025-03-01"), reason: ""))
    }
  }
}
