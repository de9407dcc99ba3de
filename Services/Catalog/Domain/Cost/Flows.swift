package import Kernel

/// What moves on one day.
package struct CashFlow: Hashable, Sendable {
  package let date: BusinessDate
  /// Paid out below 0, repaid above.
  package let principal: Money
  package let interest: Money
  package let fees: Money
  /// Principal still owed afterwards.
  package let balance: Money
}

/// Payments by day since the start, in minor units.
struct Flows: Sendable {
  struct Payment: Sendable {
    var day: Int
    var principal: Int64 = 0
    var interest: Int64 = 0
    var fees: Int64 = 0
  }

  /// Ascending by day; the first is the start.
  private(set) var payments: [Payment]

  init(_ borrowed: Int64) { payments = [Payment(day: 0, principal: -borrowed)] }

  mutating func add(day: Int, principal: Int64, interest: Int64) {
    payments.append(Payment(day: day, principal: principal, interest: interest))
  }

  /// Adds fees, which may fall on days of their own.
  mutating func add(_ fees: [(day: Int, amount: Int64)]) {
    for fee in fees where fee.amount != 0 {
      let place = payments.firstIndex { $0.day >= fee.day } ?? payments.count
      if place == payments.count || payments[place].day != fee.day {
        payments.insert(Payment(day: fee.day), at: place)
      }
      payments[place].fees = Self.clampedSum(payments[place].fees, fee.amount)
    }
  }

  /// Totals that do not fit are refused where they are summed (`FeeCharge.total`); here only the order of days is kept.
  private static func clampedSum(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }

  func interest() throws(DomainError) -> Int64 {
    var sum = Int128(0)
    for payment in payments { sum += Int128(payment.interest) }
    guard let total = Int64(exactly: sum) else { throw .amountOverflow("interest") }
    return total
  }

  func schedule(_ amount: Money, _ calendar: LoanCalendar) throws(DomainError) -> [CashFlow] {
    var owed: Int64 = 0
    var rows: [CashFlow] = []
    for payment in payments {
      owed -= payment.principal
      rows.append(
        CashFlow(
          date: try calendar.start.adding(days: payment.day), principal: Money(payment.principal, amount.currency),
          interest: Money(payment.interest, amount.currency), fees: Money(payment.fees, amount.currency),
          balance: Money(owed, amount.currency)))
    }
    return rows
  }
}
