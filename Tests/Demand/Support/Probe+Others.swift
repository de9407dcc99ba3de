import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf

extension ProbeMatter {
  var enterprises: [Probe] {
    let service = wire.service
    return [
      act("RegisterEnterprise", service.registerEnterprise(request:context:)) { $0.enterprise = newcomer },
      act(
        "BatchRegisterEnterprises", service.batchRegisterEnterprises(request:context:), reach: .items,
        shows: { Self.anyInScope($0.rows) }, with: { $0.enterprises = [newcomer] }),
      act(
        "ImportEnterprises", service.importEnterprises(request:context:), reach: .items,
        shows: { Self.anyInScope($0.rows) },
        with: {
          let row = "\(Fixture.uscc),试验,\(region),C34"
          $0.csv = .init(Array("uscc,display_name,region_code,industry_code\n\(row)\n".utf8))
        }),
      act("UpdateEnterprise", service.updateEnterprise(request:context:)) {
        $0.enterprise.name = firm
        $0.enterprise.displayName = "新名"
        $0.updateMask.paths = ["display_name"]
      },
      act("VerifyEnterprise", service.verifyEnterprise(request:context:)) {
        $0.name = firm
        $0.evidence = Story.evidence("x")
        $0.checkedOn = Wire.date(2025, 1, 1)
      },
      act("ReclassifyEnterprise", service.reclassifyEnterprise(request:context:)) {
        $0.name = firm
        $0.asOf = Wire.date(2025, 1, 1)
      },
      act("MergeEnterprises", service.mergeEnterprises(request:context:)) {
        $0.name = firm
        $0.into = otherFirm
        $0.reason = "x"
      },
      read("GetEnterprise", .one, service.getEnterprise(request:context:)) { $0.name = firm },
      read("GetEnterpriseHistory", .one, service.getEnterpriseHistory(request:context:)) { $0.name = firm },
      read(
        "ListDuplicateEnterprises", .place, service.listDuplicateEnterprises(request:context:),
        shows: { !$0.duplicates.isEmpty }, with: { $0.regionPrefix = region }),
      read("CheckCreditConsents", .one, service.checkCreditConsents(request:context:)) { $0.name = firm },
      read(
        "ListEnterprises", .place, service.listEnterprises(request:context:), shows: { !$0.enterprises.isEmpty },
        with: {
          $0.filter = "region_code = \"\(region)\""
        }),
      read(
        "ListEnterprises", .items, service.listEnterprises(request:context:), shows: { !$0.enterprises.isEmpty },
        with: {
          _ in
        }),
    ]
  }

  /// The firm again, with nothing that a firm may not say of itself.
  private var newcomer: Huirong_Demand_V1_Enterprise {
    .with {
      $0.uscc = Fixture.uscc
      $0.displayName = "试验"
      $0.regionCode = region
      $0.industryCode = "C34"
    }
  }

  private static func anyInScope(_ rows: [Huirong_Demand_V1_BatchRegisterRow]) -> Bool {
    rows.contains { $0.error.reason != ErrorReason.outOfScope.rawValue }
  }

  var outreach: [Probe] {
    let outreach = wire.outreach
    let service = "OutreachService"
    return [
      act("OpenCase", outreach.openCase(request:context:), of: service) {
        $0.matter = Story.matter(.publicLead, ["text": "x"])
        $0.matter.regionCode = region
        $0.matter.enterprise = firm
      },
      act("ActOnCase", outreach.actOnCase(request:context:), of: service) {
        $0.name = matter
        $0.action = "confirm"
      },
      read("GetCase", .one, of: service, outreach.getCase(request:context:)) { $0.name = matter },
      read(
        "ListCases", .place, of: service, outreach.listCases(request:context:), shows: { !$0.cases.isEmpty },
        with: {
          $0.filter = "region_code = \"\(region)\""
        }),
      read(
        "ListCases", .items, of: service, outreach.listCases(request:context:), shows: { !$0.cases.isEmpty },
        with: { _ in
        }),
      read("ListCaseSteps", .one, of: service, outreach.listCaseSteps(request:context:)) { $0.name = matter },
      read("GetReport", .one, of: service, outreach.getReport(request:context:)) { $0.name = report },
      act("GenerateReport", outreach.generateReport(request:context:), of: service) {
        $0.regionCode = region
        $0.period = "2024"
      },
      read(
        "ExportCases", .place, of: service, outreach.exportCases(request:context:), shows: { $0.rows > 0 },
        with: {
          $0.filter = "region_code = \"\(region)\""
          $0.format = .csv
        }),
      read(
        "ExportCases", .items, of: service, outreach.exportCases(request:context:), shows: { $0.rows > 0 },
        with: { $0.format = .json }),
      act(
        "SyncVisits", outreach.syncVisits(request:context:), reach: .items, of: service,
        shows: { $0.stored + $0.known > 0 },
        with: {
          let fields = ["visited_on": "2025-01-02", "result": "no_need", "channel": "grid"]
          $0.visits = [
            Story.matter(.visit, fields) {
              $0.regionCode = region
              $0.enterprise = firm
              $0.clientID = "device-1"
            }
          ]
        }),
      act("ArrangeDuty", outreach.arrangeDuty(request:context:), of: service) {
        $0.regionCode = region
        $0.year = 2025
        $0.month = 3
        $0.banks = ["b1", "b2"]
      },
      read(
        "ReportTargets", .place, of: service, outreach.reportTargets(request:context:), shows: { !$0.targets.isEmpty },
        with: {
          $0.regionPrefix = region
          $0.asOf = Wire.date(2025, 1, 2)
        }),
      read(
        "ReportCases", .place, of: service, outreach.reportCases(request:context:), shows: { !$0.counts.isEmpty },
        with: {
          $0.regionPrefix = region
          $0.fromDate = Wire.date(2025, 1, 1)
          $0.toDate = Wire.date(2025, 3, 31)
          $0.asOf = Wire.date(2025, 1, 2)
        }),
    ]
  }
}
