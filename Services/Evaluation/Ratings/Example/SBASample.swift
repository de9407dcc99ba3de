package import Kernel

/// The loans of data/sba as firms to fit on: what was known when a loan was approved, and whether it was charged off.
///
/// Left out on purpose: `Term`, because the file prints the loan's actual life where it ended early (docs/methods.md);
/// everything after approval (disbursement, charge-off); the borrower's place, which only serves the fairness figures.
package enum SBASample {
  private static let columns = [
    "State", "BankState", "NAICS", "ApprovalFY", "NoEmp", "NewExist", "UrbanRural", "RevLineCr", "MIS_Status",
    "GrAppv", "SBA_Appv",
  ]

  /// - Parameter csv: the file's bytes, decompressed.
  /// - Throws: `DATA_REFUSED` with the record and column that do not fit.
  package static func rows(_ csv: [UInt8]) throws(DomainError) -> [FitRow] {
    var records = try CSVText.records(csv)[...]
    guard let header = records.popFirst() else { throw DomainError(.dataRefused, "the file is empty") }
    var place: [String: Int] = [:]
    for column in columns {
      guard let index = header.firstIndex(of: column) else {
        throw DomainError(.dataRefused, "the file has no column \(column)")
      }
      place[column] = index
    }
    var rows: [FitRow] = []
    for (index, record) in records.enumerated() {
      func text(_ column: String) throws(DomainError) -> String {
        guard let position = place[column], record.indices.contains(position) else {
          throw DomainError(.dataRefused, "record \(index + 2) is too short", field: column)
        }
        return record[position]
      }
      if let row = try row(text) { rows.append(row) }
    }
    return rows
  }

  /// `nil` for a loan that is guaranteed in full: 7(a) has none, so it belongs to another programme.
  private static func row(_ text: (String) throws(DomainError) -> String) throws(DomainError) -> FitRow? {
    func number(_ column: String) throws(DomainError) -> Int64 {
      guard let number = Int64(try text(column)) else {
        throw DomainError(.dataRefused, "not a whole number", field: column)
      }
      return number
    }
    let approved = try number("GrAppv")
    if try number("SBA_Appv") >= approved { return nil }
    let employees = try number("NoEmp")
    let state = try text("State")
    let bankState = try text("BankState")
    let outcome: Outcome?
    switch try text("MIS_Status") {
    case "P I F": outcome = .good
    case "CHGOFF": outcome = .bad
    case "": outcome = nil
    case let other: throw DomainError(.dataRefused, "unknown status \"\(other)\"", field: "MIS_Status")
    }
    let sector = String(try text("NAICS").prefix(2))
    return FitRow(
      period: Int(try number("ApprovalFY")), outcome: outcome, region: CensusRegion.of(state),
      size: size(employees),
      values: [
        "amount": .number(approved * 100),
        "employees": employees > 0 ? .number(employees) : .missing,
        "business": category(try text("NewExist"), ["1": "existing", "2": "new"]),
        "location": category(try text("UrbanRural"), ["1": "urban", "2": "rural"]),
        "credit-line": category(try text("RevLineCr"), ["Y": "yes", "N": "no"]),
        "lender": bankState.isEmpty ? .missing : .category(bankState == state ? "same-state" : "other-state"),
        "sector": sector == "0" || sector.isEmpty ? .missing : .category(sector),
      ])
  }

  /// Codes that the publisher's documentation does not explain are missing values, not categories.
  private static func category(_ code: String, _ names: [String: String]) -> RatingValue {
    names[code].map(RatingValue.category) ?? .missing
  }

  private static func size(_ employees: Int64) -> String {
    switch employees {
    case ..<1: "not stated"
    case ..<5: "1-4 persons"
    case ..<20: "5-19 persons"
    case ..<100: "20-99 persons"
    default: "100 persons and more"
    }
  }
}

/// The four regions of the U.S. Census Bureau.
enum CensusRegion {
  private static let states: [(region: String, states: Set<String>)] = [
    ("Northeast", ["CT", "ME", "MA", "NH", "RI", "VT", "NJ", "NY", "PA"]),
    ("Midwest", ["IL", "IN", "MI", "OH", "WI", "IA", "KS", "MN", "MO", "NE", "ND", "SD"]),
    (
      "South",
      [
        "DE", "DC", "FL", "GA", "MD", "NC", "SC", "VA", "WV", "AL", "KY", "MS", "TN", "AR", "LA", "OK", "TX",
      ]
    ),
    ("West", ["AZ", "CO", "ID", "MT", "NV", "NM", "UT", "WY", "AK", "CA", "HI", "OR", "WA"]),
  ]

  static func of(_ state: String) -> String { states.first { $0.states.contains(state) }?.region ?? "other" }
}
