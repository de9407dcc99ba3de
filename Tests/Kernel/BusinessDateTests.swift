import Kernel
import Testing

@Suite struct BusinessDateTests {
  @Test func `every day from 1900 to 2199 agrees with a walk day by day`() throws {
    var number = -25_567  // 1900-01-01, a Monday
    var weekday = 1
    for year in BusinessDate.acceptedYears {
      let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
      for month in 1...12 {
        let length = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        try check(year, month, length, &number, &weekday)
      }
    }
    #expect(number == 84_006, "days of 1900 to 2199 walked")
  }

  private func check(_ year: Int, _ month: Int, _ length: Int, _ number: inout Int, _ weekday: inout Int) throws {
    #expect(BusinessDate.daysIn(month: month, year: year) == length)
    for day in 1...length {
      let date = try BusinessDate(year: year, month: month, day: day)
      let back = try BusinessDate(dayNumber: Int32(number))
      guard date == back, date.year == year, date.month == month, date.day == day, date.weekday == weekday,
        date.quarter == (month + 2) / 3, try BusinessDate(iso: date.description) == date
      else {
        Issue.record("\(year)-\(month)-\(day) became \(date), number \(date.dayNumber), weekday \(date.weekday)")
        return
      }
      number += 1
      weekday = weekday % 7 + 1
    }
    #expect(reason { _ = try BusinessDate(year: year, month: month, day: length + 1) } == "INVALID_DATE")
  }

  @Test(arguments: [
    "", "2023-8-07", "2023-08-7", "20230807", "2023/08/07", "2023-02-29", "2023-13-01", "2023-00-10", "2023-01-00",
    "1899-12-31", "2200-01-01", "２０２３-08-07", "2023-08-07 ", "-023-08-07", "2023-08--7", "+023-01-01", "2023-04-31",
  ])
  func `text that is no date is refused`(text: String) {
    #expect(reason { _ = try BusinessDate(iso: text) } == "INVALID_DATE")
  }

  @Test(arguments: [
    ("2024-01-31", 1, "2024-02-29"), ("2023-01-31", 1, "2023-02-28"), ("2024-02-29", 12, "2025-02-28"),
    ("2023-08-07", -1, "2023-07-07"), ("2023-03-31", -1, "2023-02-28"), ("2023-12-31", 2, "2024-02-29"),
    ("2023-01-15", -13, "2021-12-15"), ("2020-05-26", 0, "2020-05-26"),
  ])
  func `months are added to the same day or the month's last`(from: String, months: Int, to: String) throws {
    #expect(try BusinessDate(iso: from).adding(months: months).description == to)
  }

  @Test func `arithmetic never leaves the accepted years and never traps`() throws {
    let date = try BusinessDate(iso: "2023-08-07")
    for days in [Int.max, .min, Int(Int32.max), 100_000, -100_000] {
      #expect(reason { _ = try date.adding(days: days) } == "INVALID_DATE")
    }
    for months in [Int.max, .min, 3000, -3000] {
      #expect(reason { _ = try date.adding(months: months) } == "INVALID_DATE")
    }
    for number in [Int32.max, .min] {
      #expect(reason { _ = try BusinessDate(dayNumber: number) } == "INVALID_DATE")
    }
    for part in [Int.max, .min] {
      #expect(reason { _ = try BusinessDate(year: part, month: part, day: part) } == "INVALID_DATE")
      #expect(reason { _ = try BusinessDate(year: 2023, month: 1, day: part) } == "INVALID_DATE")
    }
  }

  @Test func `days between dates and days added are inverse`() throws {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<5_000 {
      let date = try BusinessDate(dayNumber: Int32.random(in: -25_567..<84_006, using: &random))
      let other = try BusinessDate(dayNumber: Int32.random(in: -25_567..<84_006, using: &random))
      #expect(try date.adding(days: other.days(since: date)) == other)
      #expect((date < other) == (date.dayNumber < other.dayNumber))
    }
  }
}
