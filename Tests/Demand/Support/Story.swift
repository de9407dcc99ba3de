import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf
import Synchronization

/// A scenario told over the wire: each step under a key of its own.
final class Story: Sendable {
  let wire: WireFixture
  private let steps = Mutex(0)

  init(_ wire: WireFixture) { self.wire = wire }

  func key() -> String {
    steps.withLock { steps in
      steps += 1
      return "step-\(steps)"
    }
  }

  static func tell<R>(packs: [String] = [], _ body: (Story) async throws -> R) async throws -> R {
    try await WireFixture.with(packs: packs) { try await body(Story($0)) }
  }

  func submit(
    _ change: (inout Huirong_Demand_V1_Demand) -> Void = { _ in }, by caller: Caller = Fixture.firm
  ) async throws -> Huirong_Demand_V1_Demand {
    var demand = Wire.demand
    change(&demand)
    return try await wire.submit(key(), demand, by: caller)
  }

  func pushed(to banks: [String] = []) async throws -> Huirong_Demand_V1_Demand {
    _ = try? await wire.register()
    let demand = try await submit()
    _ = try await wire.assess(demand.name, key())
    return try await push(demand.name, to: banks)
  }

  func push(
    _ name: String, to banks: [String] = [], reason: String = "", by caller: Caller = Fixture.regulator
  ) async throws -> Huirong_Demand_V1_Demand {
    try await wire.run(
      "PushDemand",
      .with {
        $0.requestID = key()
        $0.name = name
        $0.mode = banks.isEmpty ? .open : .directed
        $0.candidates = banks.map { bank in .with { $0.institution = bank } }
        $0.reason = reason
      }, by: caller, wire.service.pushDemand(request:context:))
  }

  func offer(_ name: String, _ minor: Int64, by caller: Caller) async throws -> Huirong_Demand_V1_Demand {
    try await wire.run(
      "OfferDemand",
      .with {
        $0.requestID = key()
        $0.name = name
        $0.amount = Wire.cny(minor)
        $0.rate.ppm = 36_500
        $0.tenorMonths = 12
      }, by: caller, wire.service.offerDemand(request:context:))
  }

  func sign(_ name: String, _ minor: Int64, on day: BusinessDate, by caller: Caller) async throws
    -> Huirong_Demand_V1_Demand
  {
    try await wire.run(
      "SignDemand",
      .with {
        $0.requestID = key()
        $0.name = name
        $0.contract.number = "HT-\(caller.organisation)"
        $0.contract.amount = Wire.cny(minor)
        $0.contract.signedOn = Self.date(day)
      }, by: caller, wire.service.signDemand(request:context:))
  }

  func pay(_ name: String, _ minor: Int64, on day: BusinessDate, by caller: Caller) async throws
    -> Huirong_Demand_V1_Demand
  {
    try await wire.run(
      "RecordDisbursement",
      .with {
        $0.requestID = key()
        $0.name = name
        $0.disbursement.amount = Wire.cny(minor)
        $0.disbursement.paidOn = Self.date(day)
        $0.disbursement.evidence = Self.evidence("drawdown-slip")
      }, by: caller, wire.service.recordDisbursement(request:context:))
  }

  func close(_ name: String, by caller: Caller) async throws -> Huirong_Demand_V1_Demand {
    try await wire.run(
      "CloseDemand",
      .with {
        $0.requestID = key()
        $0.name = name
        $0.evidence = [Self.evidence("receipt")]
        $0.reason = "已销号"
      }, by: caller, wire.service.closeDemand(request:context:))
  }

  func decline(_ name: String, _ reason: String, by caller: Caller) async throws -> Huirong_Demand_V1_Demand {
    try await wire.run(
      "DeclineDemand",
      .with {
        $0.requestID = key()
        $0.name = name
        $0.reason = reason
      }, by: caller, wire.service.declineDemand(request:context:))
  }

  func clocks(_ name: String, on day: String, by caller: Caller = Fixture.grid) async throws
    -> [Huirong_Demand_V1_Clock]
  {
    try await wire.run(
      "GetDemandClocks",
      .with {
        $0.name = name
        $0.asOf = Self.date(Fixture.date(day))
      }, by: caller, wire.service.getDemandClocks(request:context:)
    ).clocks
  }

  /// What the job records when that day has come.
  func advance(to day: String) async throws -> Huirong_Demand_V1_AdvanceClocksResponse {
    wire.time.move(to: day)
    return try await wire.run(
      "AdvanceClocks",
      .with {
        $0.requestID = key()
        $0.asOf = Self.date(Fixture.date(day))
      }, by: Fixture.service, wire.service.advanceClocks(request:context:))
  }

  // MARK: Cases

  func open(
    _ kind: Huirong_Demand_V1_CaseKind, _ fields: [String: String], by caller: Caller,
    _ change: (inout Huirong_Demand_V1_Case) -> Void = { _ in }
  ) async throws -> Huirong_Demand_V1_Case {
    let matter = Self.matter(kind, fields, change)
    return try await wire.run(
      "OpenCase",
      .with {
        $0.requestID = key()
        $0.matter = matter
      }, by: caller, wire.outreach.openCase(request:context:), of: "OutreachService")
  }

  static func matter(
    _ kind: Huirong_Demand_V1_CaseKind, _ fields: [String: String],
    _ change: (inout Huirong_Demand_V1_Case) -> Void = { _ in }
  ) -> Huirong_Demand_V1_Case {
    var matter = Huirong_Demand_V1_Case.with {
      $0.kind = kind
      $0.regionCode = "370302001"
      $0.title = "事项"
      $0.fields = fields.sorted { $0.key < $1.key }.map { pair in
        .with {
          $0.name = pair.key
          $0.value = pair.value
        }
      }
    }
    change(&matter)
    return matter
  }

  func act(
    _ name: String, _ action: String, _ fields: [String: String] = [:], evidence: Bool = false, reason: String = "",
    by caller: Caller
  ) async throws -> Huirong_Demand_V1_Case {
    try await wire.run(
      "ActOnCase",
      .with {
        $0.requestID = key()
        $0.name = name
        $0.action = action
        $0.fields = Self.matter(.visit, fields).fields
        $0.evidence = evidence ? [Self.evidence("record")] : []
        $0.reason = reason
      }, by: caller, wire.outreach.actOnCase(request:context:), of: "OutreachService")
  }

  func cases(_ filter: String, by caller: Caller) async throws -> [Huirong_Demand_V1_Case] {
    try await wire.run(
      "ListCases", .with { $0.filter = filter }, by: caller, wire.outreach.listCases(request:context:),
      of: "OutreachService"
    ).cases
  }

  /// The report of a period, of a place or of a group or team.
  func report(
    _ period: String, of region: String = "", subject: String = "", by caller: Caller
  ) async throws -> Huirong_Demand_V1_CaseReport {
    try await wire.run(
      "GenerateReport",
      .with {
        $0.requestID = key()
        $0.subject = subject
        $0.regionCode = region
        $0.period = period
      }, by: caller, wire.outreach.generateReport(request:context:), of: "OutreachService")
  }

  /// What the records say of a span of days.
  func count(
    _ prefix: String, _ from: String, _ to: String, asOf: String? = nil, by caller: Caller = Fixture.regulator
  ) async throws -> Huirong_Demand_V1_ReportCasesResponse {
    try await wire.run(
      "ReportCases",
      .with {
        $0.regionPrefix = prefix
        $0.fromDate = Self.date(Fixture.date(from))
        $0.toDate = Self.date(Fixture.date(to))
        $0.asOf = Self.date(Fixture.date(asOf ?? to))
      }, by: caller, wire.outreach.reportCases(request:context:), of: "OutreachService")
  }

  func matter(_ name: String, by caller: Caller) async throws -> Huirong_Demand_V1_Case {
    try await wire.run(
      "GetCase", .with { $0.name = name }, by: caller, wire.outreach.getCase(request:context:), of: "OutreachService")
  }

  static func evidence(_ kind: String) -> Huirong_Common_V1_Evidence {
    .with {
      $0.kind = kind
      $0.reference = "archive/1"
    }
  }

  static func date(_ day: BusinessDate) -> Huirong_Common_V1_Date {
    Wire.date(Int32(day.year), Int32(day.month), Int32(day.day))
  }
}
