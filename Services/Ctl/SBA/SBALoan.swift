import Kernel

/// One loan of the SBA 7(a) file (data/sba), amounts in U.S. cents, as published: nothing is repaired here.
struct SBALoan: Sendable {
  enum Outcome: Sendable, Equatable {
    case paidInFull
    case chargedOff
    /// The file leaves the status of 84 loans blank.
    case blank
  }

  let number: String
  let city: String
  let state: String
  let bank: String
  let bankState: String
  let naics: String
  let approvalDate: BusinessDate
  let fiscalYear: Int
  let termMonths: Int
  let employees: Int
  let isNewBusiness: Bool
  let disbursementDate: BusinessDate?
  let disbursedCents: Int64
  let chargeOffDate: BusinessDate?
  let chargedOffCents: Int64
  let approvedCents: Int64
  let guaranteedCents: Int64
  let outcome: Outcome

  static let columns = [
    "LoanNr_ChkDgt", "City", "State", "Zip", "Bank", "BankState", "NAICS", "ApprovalDate", "ApprovalFY", "Term",
    "NoEmp",
    "NewExist", "CreateJob", "RetainedJob", "FranchiseCode", "UrbanRural", "RevLineCr", "LowDoc", "ChgOffDate",
    "DisbursementDate", "DisbursementGross", "MIS_Status", "ChgOffPrinGr", "GrAppv", "SBA_Appv",
  ]

  /// - Throws: `DATA_REFUSED` naming the column.
  init(fields: [String]) throws(DomainError) {
    guard fields.count == Self.columns.count else {
      throw DomainError(.dataRefused, "\(fields.count) fields instead of \(Self.columns.count)")
    }
    func integer(_ column: Int) throws(DomainError) -> Int64 {
      guard let value = Int64(fields[column]) else {
        throw DomainError(.dataRefused, "\"\(fields[column])\" is not a whole number", field: Self.columns[column])
      }
      return value
    }
    func cents(_ column: Int) throws(DomainError) -> Int64 { try integer(column) * 100 }
    func date(_ column: Int) throws(DomainError) -> BusinessDate? {
      fields[column].isEmpty ? nil : try Self.date(fields[column], column: Self.columns[column])
    }
    number = fields[0]
    city = fields[1]
    state = fields[2]
    bank = fields[4]
    bankState = fields[5]
    naics = fields[6]
    guard let approval = try date(7) else { throw DomainError(.dataRefused, "empty", field: Self.columns[7]) }
    approvalDate = approval
    fiscalYear = Int(try integer(8))
    termMonths = Int(try integer(9))
    employees = Int(try integer(10))
    isNewBusiness = fields[11] == "2"
    chargeOffDate = try date(18)
    disbursementDate = try date(19)
    disbursedCents = try cents(20)
    switch fields[21] {
    case "P I F": outcome = .paidInFull
    case "CHGOFF": outcome = .chargedOff
    case "": outcome = .blank
    default: throw DomainError(.dataRefused, "unknown status \"\(fields[21])\"", field: Self.columns[21])
    }
    chargedOffCents = try cents(22)
    approvedCents = try cents(23)
    guaranteedCents = try cents(24)
  }

  private static let months = [
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11,
    "Dec": 12,
  ]

  /// The file mixes `2/28/1997` and `24-Jun-91`; two-digit years from 60 on are of the last century.
  private static func date(_ text: String, column: String) throws(DomainError) -> BusinessDate {
    let slashed = text.split(separator: "/")
    if slashed.count == 3, let month = Int(slashed[0]), let day = Int(slashed[1]), let year = Int(slashed[2]) {
      return try BusinessDate(year: year, month: month, day: day, field: column)
    }
    let dashed = text.split(separator: "-")
    if dashed.count == 3, let day = Int(dashed[0]), let month = months[String(dashed[1])], let year = Int(dashed[2]) {
      return try BusinessDate(year: year < 60 ? 2000 + year : 1900 + year, month: month, day: day, field: column)
    }
    throw DomainError(.dataRefused, "\"\(text)\" is not a date", field: column)
  }
}
