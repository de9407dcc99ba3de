import Kernel
import Protos
import SwiftProtobuf

/// The SBA borrowers as enterprises of the demonstration. The file has no names and no Chinese codes: the credit code is
/// made from the row, the district and the grade are assigned by the rules below, and the industry is carried over by
/// section. Nothing of this is used where the SBA book itself is reported.
enum DemoFirms {
  static let districts = [
    "370302", "370303", "370304", "370305", "370902", "370911", "370982", "370602", "370611", "370613",
  ]

  static func uscc(row: Int, district: String) -> String? {
    let digits = String(10_000_000 + row)
    guard let check = UnifiedSocialCreditCode.organisationCheck(Array(digits.utf8)) else { return nil }
    return UnifiedSocialCreditCode.completing(body: "91\(district)\(digits)" + String(UnicodeScalar(check)))?.text
  }

  static func district(row: Int) -> String { districts[row % districts.count] }

  static func enterprise(row: Int, loan: SBALoan, today: BusinessDate) throws -> Huirong_Demand_V1_Enterprise {
    let district = district(row: row)
    guard let uscc = uscc(row: row, district: district) else {
      throw DomainError(.internal, "no credit code for row \(row)")
    }
    let expiry = try today.adding(months: 6).proto
    return .with {
      $0.uscc = uscc
      $0.displayName = "SBA \(loan.number) · \(loan.city.isEmpty ? "—" : loan.city), \(loan.state)"
      $0.regionCode = district
      $0.industryCode = section(naics: loan.naics)
      $0.sizeInputs.sector = sector(naics: loan.naics)
      $0.sizeInputs.staff = Int64(loan.employees)
      $0.sizeInputs.revenue = yuan(loan.approvedCents * revenueOverLoan)
      $0.sizeInputs.assets = yuan(loan.approvedCents * revenueOverLoan)
      $0.platformGrade = grade(loan)
      $0.firstLoan = loan.isNewBusiness
      // Every seventeenth firm has not signed the public-credit consent yet: 双查 asks for both.
      $0.consents = [consent(.pbocCredit, today, expiry)]
      if row % 17 != 0 { $0.consents.append(consent(.publicCredit, today, expiry)) }
    }
  }

  /// The file states neither revenue nor assets, which the size table asks for: three times the loan stands for both.
  private static let revenueOverLoan: Int64 = 3

  private static func consent(
    _ kind: Huirong_Demand_V1_ConsentKind, _ from: BusinessDate, _ to: Huirong_Common_V1_Date
  ) -> Huirong_Demand_V1_Consent {
    .with {
      $0.kind = kind
      $0.grantedOn = from.proto
      $0.expiresOn = to
      $0.reference = "demo"
    }
  }

  /// By age and staff, as a platform without other data would begin: no outcome of the loan is looked at.
  private static func grade(_ loan: SBALoan) -> Huirong_Common_V1_PlatformGrade {
    switch (loan.isNewBusiness, loan.employees) {
    case (false, 50...): .a
    case (false, 10..<50): .b
    case (false, _): .c
    case (true, 5...): .c
    case (true, 2..<5): .d
    case (true, _): .e
    }
  }

  /// The GB/T 4754 section that covers a NAICS sector; "S" (公共管理) where the file states none.
  private static func section(naics: String) -> String {
    switch naics.prefix(2) {
    case "11": "A"
    case "21": "B"
    case "31", "32", "33": "C"
    case "22": "D"
    case "23": "E"
    case "42", "44", "45": "F"
    case "48", "49": "G"
    case "72": "H"
    case "51": "I"
    case "52": "J"
    case "53": "K"
    case "55", "56": "L"
    case "54": "M"
    case "61": "P"
    case "62": "Q"
    case "71": "R"
    case "81": "O"
    default: "S"
    }
  }

  /// The row of the size table for a NAICS sector.
  private static func sector(naics: String) -> String {
    switch naics.prefix(2) {
    case "11": "agriculture"
    case "21", "22", "31", "32", "33": "industry"
    case "23": "construction"
    case "42": "wholesale"
    case "44", "45": "retail"
    case "48": "transport"
    case "49": "warehousing"
    case "51": naics.hasPrefix("511") ? "software" : "telecommunications"
    case "72": naics.hasPrefix("721") ? "lodging" : "catering"
    case "55", "56": "leasing_and_business_services"
    default: "other"
    }
  }
}
