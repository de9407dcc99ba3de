package import Kernel

/// The kind of value a parameter has; the `unit` of its rules must be one that fits.
package indirect enum PolicyKind: Sendable, Hashable {
  case rate, ratePerDay, money, integer, days, months, boolean, text, date, texts, integers, dates, grade, dayCount
  /// Ranges on an axis of whole numbers or money, each with a value of one kind.
  case bands(axis: Axis, of: PolicyKind)

  package enum Axis: Sendable, Hashable { case integer, money }

  /// What a pack writes after `unit:`; a money's unit is its currency.
  package var units: [String] {
    switch self {
    case .rate: ["ppm"]
    case .ratePerDay: ["ppm_per_day"]
    case .money: ["CNY", "USD", "AUD", "EUR"]
    case .integer: ["count"]
    case .days: [PolicyDays.Kind.calendar.rawValue, PolicyDays.Kind.working.rawValue]
    case .months: ["months"]
    case .boolean: ["boolean"]
    case .text: ["text"]
    case .date: ["date"]
    case .texts: ["texts"]
    case .integers: ["counts"]
    case .dates: ["dates"]
    case .grade: ["grade"]
    case .dayCount: ["day_count"]
    case .bands(let axis, let kind): kind.units.map { "\(axis == .money ? "CNY" : "count") -> \($0)" }
    }
  }
}

/// Which Swift type a reading answers with: `book.parameter("guarantee_fee.cap", as: .rate, …)`.
package struct PolicyUnit<Value: Sendable & Hashable>: Sendable {
  let name: String
  let extract: @Sendable (PolicyDatum) -> Value?
}

extension PolicyUnit where Value == Rate {
  /// Parts per million.
  package static var rate: PolicyUnit<Rate> {
    PolicyUnit(name: "rate") { if case .rate(let value) = $0 { value } else { nil } }
  }
  /// Parts per million per calendar day.
  package static var ratePerDay: PolicyUnit<Rate> {
    PolicyUnit(name: "rate per day") { if case .ratePerDay(let value) = $0 { value } else { nil } }
  }
}

extension PolicyUnit where Value == Money {
  package static var money: PolicyUnit<Money> {
    PolicyUnit(name: "money") { if case .money(let value) = $0 { value } else { nil } }
  }
}

extension PolicyUnit where Value == Int64 {
  package static var integer: PolicyUnit<Int64> {
    PolicyUnit(name: "integer") { if case .integer(let value) = $0 { value } else { nil } }
  }
  package static var months: PolicyUnit<Int64> {
    PolicyUnit(name: "months") { if case .months(let value) = $0 { value } else { nil } }
  }
}

extension PolicyUnit where Value == PolicyDays {
  package static var days: PolicyUnit<PolicyDays> {
    PolicyUnit(name: "days") { if case .days(let value) = $0 { value } else { nil } }
  }
}

extension PolicyUnit where Value == Bool {
  package static var boolean: PolicyUnit<Bool> {
    PolicyUnit(name: "boolean") { if case .boolean(let value) = $0 { value } else { nil } }
  }
}

extension PolicyUnit where Value == String {
  package static var text: PolicyUnit<String> {
    PolicyUnit(name: "text") { if case .text(let value) = $0 { value } else { nil } }
  }
}

extension PolicyUnit where Value == BusinessDate {
  package static var date: PolicyUnit<BusinessDate> {
    PolicyUnit(name: "date") { if case .date(let value) = $0 { value } else { nil } }
  }
}

extension PolicyUnit where Value == [String] {
  package static var texts: PolicyUnit<[String]> {
    PolicyUnit(name: "texts") { if case .texts(let value) = $0 { value } else { nil } }
  }
}

extension PolicyUnit where Value == [Int64] {
  package static var integers: PolicyUnit<[Int64]> {
    PolicyUnit(name: "integers") { if case .integers(let value) = $0 { value } else { nil } }
  }
}

extension PolicyUnit where Value == [BusinessDate] {
  package static var dates: PolicyUnit<[BusinessDate]> {
    PolicyUnit(name: "dates") { if case .dates(let value) = $0 { value } else { nil } }
  }
}

extension PolicyUnit where Value == Grade {
  package static var grade: PolicyUnit<Grade> {
    PolicyUnit(name: "grade") { if case .grade(let value) = $0 { value } else { nil } }
  }
}

extension PolicyUnit where Value == DayCount {
  package static var dayCount: PolicyUnit<DayCount> {
    PolicyUnit(name: "day count") { if case .dayCount(let value) = $0 { value } else { nil } }
  }
}

extension PolicyUnit where Value == PolicyBands {
  package static var bands: PolicyUnit<PolicyBands> {
    PolicyUnit(name: "bands") { if case .bands(let value) = $0 { value } else { nil } }
  }
}
