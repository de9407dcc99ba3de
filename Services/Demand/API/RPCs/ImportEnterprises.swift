import DemandDomain
package import GRPCCore
import Kernel
import Policy
package import Protos
import RPCEdge
import SwiftProtobuf

extension DemandService {
  package func importEnterprises(
    request: ServerRequest<Huirong_Demand_V1_ImportEnterprisesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_ImportEnterprisesResponse> {
    try await edge.command(request, context, encode: Self.response) { message, command in
      let reason = try Texts.optional(message.reason, "reason", maximum: Texts.maximumReason)
      let records = try CSVReader.records(Array(message.csv), maximum: Self.maximumBatchRows + 1)
      let columns = try EnterpriseColumns(header: records.first)
      let rows = records.dropFirst().map { record in
        Result { () throws(DomainError) in try columns.registration(record, legacyCodes: legacyCodes, reason: reason) }
      }
      return try await repository.register(batch: rows, envelope: command.envelope, encode: command.encode)
    }
  }

  @Sendable
  private static func response(_ rows: [RegisteredRow]) -> Huirong_Demand_V1_ImportEnterprisesResponse {
    .with { response in
      for (index, row) in rows.enumerated() {
        var result = Huirong_Demand_V1_BatchRegisterRow()
        result.index = Int32(truncatingIfNeeded: index)
        switch row {
        case .success(let id):
          result.name = "enterprises/\(id)"
          response.registered += 1
        case .failure(let error):
          result.error = .with {
            $0.reason = error.reason.rawValue
            // A decision names the field of a single registration.
            let field = error.field.map { $0.hasPrefix("enterprise.") ? String($0.dropFirst(11)) : $0 }
            $0.field = "csv[\(index)]\(field.map { ".\($0)" } ?? "")"
            $0.message = error.message
          }
          response.refused += 1
        }
        response.rows.append(result)
      }
    }
  }
}

/// Where a file keeps what.
struct EnterpriseColumns {
  private static let required = ["uscc", "display_name", "region_code", "industry_code"]
  private static let optional = [
    "size_sector", "size_staff", "size_revenue", "size_assets", "tags", "platform_grade", "first_loan", "chain", "park",
  ]
  private var places: [String: Int] = [:]
  private let count: Int

  /// - Throws: `DATA_REFUSED` naming the column.
  init(header: [String]?) throws(DomainError) {
    guard let header else { throw DomainError(.dataRefused, "the file has no header", field: "csv") }
    count = header.count
    for (place, name) in header.enumerated() {
      guard Self.required.contains(name) || Self.optional.contains(name) else {
        throw DomainError(.dataRefused, "there is no column \"\(name.prefix(64))\"", field: "csv")
      }
      guard places.updateValue(place, forKey: name) == nil else {
        throw DomainError(.dataRefused, "the column \(name) stands twice", field: "csv")
      }
    }
    if let missing = Self.required.first(where: { places[$0] == nil }) {
      throw DomainError(.dataRefused, "the column \(missing) is missing", field: "csv")
    }
  }

  func registration(
    _ record: [String], legacyCodes: Set<String>, reason: String
  ) throws(DomainError) -> RegisterEnterprise {
    if record == [""], count > 1 { throw DomainError(.dataRefused, "an empty line") }
    guard record.count == count else {
      throw DomainError(.dataRefused, "the row has \(record.count) cells, the header \(count)")
    }
    func cell(_ name: String) -> String { places[name].map { record[$0] } ?? "" }
    var ties = EnterpriseTies()
    ties.chain = cell("chain")
    ties.park = cell("park")
    let tags = cell("tags").split(separator: ";").map {
      EnterpriseTag(tag: String($0), validFrom: nil, validTo: nil)
    }
    do {
      let draft = try EnterpriseDraft(
        displayName: cell("display_name"), region: RegionCode(cell("region_code")),
        industry: IndustryCode(cell("industry_code")), sizeInputs: size(cell), tags: tags,
        grade: grade(cell("platform_grade")), firstLoan: flag(cell("first_loan")), consents: [], ties: ties)
      return try RegisterEnterprise(uscc: cell("uscc"), draft: draft, legacyCodes: legacyCodes, reason: reason)
    } catch {
      throw Self.ofColumn(error)
    }
  }

  /// Errors name the column where a registration has a path.
  private static func ofColumn(_ error: DomainError) -> DomainError {
    let path = "size_inputs."
    guard let field = error.field, field.hasPrefix(path) else { return error }
    var named = error
    named.field = "size_" + field.dropFirst(path.count)
    return named
  }

  private func size(_ cell: (String) -> String) throws(DomainError) -> SizeInputs? {
    let figures = ["size_sector", "size_staff", "size_revenue", "size_assets"]
    if figures.allSatisfy({ cell($0).isEmpty }) { return nil }
    guard let sector = IndustrySector(rawValue: cell("size_sector")) else {
      throw DomainError.invalid("size_sector", "\"\(cell("size_sector").prefix(64))\" is no sector")
    }
    return SizeInputs(
      sector: sector, staff: try number(cell("size_staff"), "size_staff"),
      revenue: try yuan(cell("size_revenue"), "size_revenue"), assets: try yuan(cell("size_assets"), "size_assets"))
  }

  private func number(_ text: String, _ field: String) throws(DomainError) -> Int64? {
    if text.isEmpty { return nil }
    guard let number = Int64(text) else { throw DomainError.invalid(field, "is a whole number") }
    return number
  }

  private func yuan(_ text: String, _ field: String) throws(DomainError) -> Money? {
    guard let yuan = try number(text, field) else { return nil }
    let (minor, overflow) = yuan.multipliedReportingOverflow(by: 100)
    if overflow { throw DomainError(.amountOverflow, "\(yuan) yuan are more than an amount can hold", field: field) }
    return Money(minor, .cny)
  }

  private func grade(_ text: String) throws(DomainError) -> PlatformGrade? {
    if text.isEmpty { return nil }
    guard let grade = PlatformGrade(rawValue: text) else { throw DomainError.invalid("platform_grade", "is A to E") }
    return grade
  }

  private func flag(_ text: String) throws(DomainError) -> Bool {
    switch text {
    case "", "false": false
    case "true": true
    default: throw DomainError.invalid("first_loan", "is true or false")
    }
  }
}
