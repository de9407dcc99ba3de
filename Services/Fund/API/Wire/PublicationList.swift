import FundDomain
import Kernel

/// The publication list (公示) as CSV (RFC 4180): one row a payment.
enum PublicationList {
  static let header = ["application", "beneficiary", "kind", "currency", "amount", "paid_on", "rules"]

  static func csv(_ paid: [SubsidyApplication], of programme: SubsidyProgramme, withHeader: Bool) -> String {
    let rows = paid.map { application in
      [
        application.name, application.beneficiary, "\(programme.subsidy)", application.currency.code,
        units(application.granted), application.paidOn?.description ?? "",
        application.citations.map { "\($0.document) \($0.article)" }.joined(separator: "; "),
      ]
    }
    return ((withHeader ? [header] : []) + rows).map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
  }

  /// Minor units as units with two decimals.
  private static func units(_ minorUnits: Int64) -> String {
    let fraction = minorUnits.magnitude % 100
    return "\(minorUnits < 0 ? "-" : "")\(minorUnits.magnitude / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }

  private static func field(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
