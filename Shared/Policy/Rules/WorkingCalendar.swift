package import Kernel

/// Working days (工作日): Monday to Friday, less public holidays, plus the weekends worked in exchange. Both lists are
/// data, announced year by year; a year that is not entered is not guessed.
package struct WorkingCalendar: Sendable {
  private let book: PolicyBook

  package init(_ book: PolicyBook) { self.book = book }

  /// - Throws: `POLICY_NOT_STATED` when the year's holidays are not entered.
  package func isWorkingDay(_ date: BusinessDate) throws(DomainError) -> Bool {
    if date.weekday <= 5 {
      return try !book.parameter("calendar.holidays", as: .dates, on: date).value.contains(date)
    }
    return try book.parameter("calendar.working_weekends", as: .dates, on: date).value.contains(date)
  }

  /// Longest deadline that is counted day by day.
  package static let maximumDays = 366

  /// The n-th working day after the date; the day itself is not counted (开始当日不计入). Zero is the date itself.
  /// - Throws: `POLICY_NOT_STATED` when it reaches into a year that is not entered; `INVALID_ARGUMENT`.
  package func date(_ workingDays: Int, after date: BusinessDate) throws(DomainError) -> BusinessDate {
    guard (0...Self.maximumDays).contains(workingDays) else {
      throw .invalid("working_days", "0 to \(Self.maximumDays) working days, not \(workingDays)")
    }
    var day = date
    var left = workingDays
    while left > 0 {
      day = try day.adding(days: 1)
      if try isWorkingDay(day) { left -= 1 }
    }
    return day
  }

  /// The last day of a deadline in days of either kind.
  package func deadline(_ days: PolicyDays, after date: BusinessDate) throws(DomainError) -> BusinessDate {
    guard let count = Int(exactly: days.count) else { throw .invalid("days", "\(days.count) days") }
    switch days.kind {
    case .calendar: return try date.adding(days: count)
    case .working: return try self.date(count, after: date)
    }
  }
}
