import FundDomain
import Kernel
import Testing

/// Random operations against a naive model that shares no code with the ledger.
@Suite struct LedgerModelTests {
  /// Four numbers an account, plain arithmetic, and a list of reservations.
  private struct Model {
    struct Reservation {
      var debit: Int
      var credit: Int
      var amount: Int64
      var lastDay: Int
      var isOpen = true
    }

    var debits = [Int64](repeating: 0, count: 5)
    var credits = [Int64](repeating: 0, count: 5)
    var reservations: [Int: Reservation] = [:]
    /// Debits less credits posted by account and day.
    var days = [[Int64]](repeating: [Int64](repeating: 0, count: 40), count: 5)
    /// 1: debits ≤ credits; 2: credits ≤ debits.
    let rules = [0, 1, 2, 1, 0]

    func pending(_ account: Int) -> (debits: Int64, credits: Int64) {
      var totals: (debits: Int64, credits: Int64) = (0, 0)
      for reservation in reservations.values where reservation.isOpen {
        if reservation.debit == account { totals.debits += reservation.amount }
        if reservation.credit == account { totals.credits += reservation.amount }
      }
      return totals
    }

    mutating func post(_ amount: Int64, from credit: Int, to debit: Int, on day: Int) {
      debits[debit] += amount
      credits[credit] += amount
      days[debit][day] += amount
      days[credit][day] -= amount
    }

    /// Whether every closing balance from the day on stays within the account's rule, added up anew each time.
    func keepsLaterDays(_ account: Int, _ change: Int64, on day: Int) -> Bool {
      if rules[account] == 0 { return true }
      let sign: Int64 = rules[account] == 1 ? -1 : 1
      // What moves an account away from its bound breaks nothing that was not broken.
      if sign * change > 0 { return true }
      var closing: Int64 = 0
      for (index, moved) in days[account].enumerated() {
        closing += sign * moved
        if index >= day && closing + sign * change < 0 { return false }
      }
      return true
    }

    /// Legs are taken in their order: each must fit now, and on every later day when it posts.
    func verdict(_ amount: Int64, from credit: Int, to debit: Int, on day: Int?) -> TransferStatus {
      if rules[debit] == 1 && pending(debit).debits + debits[debit] + amount > credits[debit] { return .exceedsLimit }
      if let day, !keepsLaterDays(debit, amount, on: day) { return .exceedsLimitLater }
      if rules[credit] == 2 && pending(credit).credits + credits[credit] + amount > debits[credit] {
        return .exceedsLimit
      }
      if let day, !keepsLaterDays(credit, -amount, on: day) { return .exceedsLimitLater }
      return .created
    }
  }

  private static let codes = ["9a", "9b", "9c", "9d", "9e"]

  @Test(arguments: 1...12) func `random operations agree with the model`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    var model = Model()
    for (index, code) in Self.codes.enumerated() {
      try fund.run(
        CreateAccount(
          pool: "pool", code: code, displayName: code, normalSide: .debit,
          limit: AccountLimit(rawValue: Int64(model.rules[index]) + 1) ?? .none))
    }
    for step in 1...400 {
      let (draft, expected) = operation(step, &model, &random)
      let result = try fund.run(CreateTransfers([draft]))
      #expect(result.map(\.status) == [expected], "seed \(seed) step \(step)")
      try compare(fund, model, "seed \(seed) step \(step)")
    }
    #expect(fund.imbalance == 0)
  }

  private func compare(_ fund: MemoryFund, _ model: Model, _ place: Comment) throws {
    for (index, code) in Self.codes.enumerated() {
      let pending = model.pending(index)
      #expect(
        fund.balances("pool.\(code)")
          == Balances(
            debitsPending: pending.debits, debitsPosted: model.debits[index], creditsPending: pending.credits,
            creditsPosted: model.credits[index]), place)
    }
  }

  private func operation(
    _ step: Int, _ model: inout Model, _ random: inout SeededGenerator
  ) -> (TransferDraft, TransferStatus) {
    let today = Int.random(in: 0..<20, using: &random)
    let date = Fixture.day("2024-01-\(today < 9 ? "0" : "")\(today + 1)")
    let id = Fixture.ulid(step)
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<6:
      let debit = Int.random(in: 0..<5, using: &random)
      let credit = (debit + Int.random(in: 1..<5, using: &random)) % 5
      let amount = Int64.random(in: 1...50, using: &random)
      let legs = [LegDraft("pool.\(Self.codes[debit])", amount), LegDraft("pool.\(Self.codes[credit])", -amount)]
      if Bool.random(using: &random) {
        let expected = model.verdict(amount, from: credit, to: debit, on: today)
        if expected == .created { model.post(amount, from: credit, to: debit, on: today) }
        return (TransferDraft(id: id, .single(.clearing, legs), on: date), expected)
      }
      let expected = model.verdict(amount, from: credit, to: debit, on: nil)
      let lastDay = today + Int.random(in: 0..<5, using: &random)
      if expected == .created {
        model.reservations[step] = Model.Reservation(debit: debit, credit: credit, amount: amount, lastDay: lastDay)
      }
      let expiresOn = (try? Fixture.day("2024-01-01").adding(days: lastDay)) ?? date
      return (
        TransferDraft(id: id, .pending(.clearing, legs, expiresOn: expiresOn), on: date), expected
      )
    case 6..<9: return post(id, on: date, today, &model, &random)
    default:
      guard let pending = model.reservations.keys.sorted().randomElement(using: &random) else {
        return (TransferDraft(id: id, .void(.id(Fixture.ulid(0))), on: date), .pendingNotFound)
      }
      let wasOpen = model.reservations[pending]?.isOpen == true
      let wasPosted = posted.contains(pending)
      model.reservations[pending]?.isOpen = false
      return (
        TransferDraft(id: id, .void(.id(Fixture.ulid(pending))), on: date),
        wasOpen ? .created : wasPosted ? .alreadyPosted : .alreadyVoided
      )
    }
  }

  /// Reservations that a post ended; the others were voided.
  private final class Posted { var numbers: Set<Int> = [] }
  private let history = Posted()
  private var posted: Set<Int> { history.numbers }

  private func post(
    _ id: TransferID, on date: BusinessDate, _ today: Int, _ model: inout Model, _ random: inout SeededGenerator
  ) -> (TransferDraft, TransferStatus) {
    guard let number = model.reservations.keys.sorted().randomElement(using: &random),
      let reservation = model.reservations[number]
    else { return (TransferDraft(id: id, .post(.id(Fixture.ulid(0)), amount: nil), on: date), .pendingNotFound) }
    let amount = Int64.random(in: 1...60, using: &random)
    let draft = TransferDraft(id: id, .post(.id(Fixture.ulid(number)), amount: amount), on: date)
    if !reservation.isOpen { return (draft, posted.contains(number) ? .alreadyPosted : .alreadyVoided) }
    if today > reservation.lastDay { return (draft, .expired) }
    if amount > reservation.amount { return (draft, .exceedsPendingAmount) }
    guard model.keepsLaterDays(reservation.debit, amount, on: today),
      model.keepsLaterDays(reservation.credit, -amount, on: today)
    else { return (draft, .exceedsLimitLater) }
    model.reservations[number]?.isOpen = false
    model.post(amount, from: reservation.credit, to: reservation.debit, on: today)
    history.numbers.insert(number)
    return (draft, .created)
  }
}
