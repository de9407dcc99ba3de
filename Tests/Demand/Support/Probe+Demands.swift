import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf

extension ProbeMatter {
  /// Commands of the ledger and of the firm on one demand.
  var demandCommands: [Probe] {
    let service = wire.service
    return [
      act("SubmitDemand", service.submitDemand(request:context:)) {
        $0.demand = Wire.demand
        $0.demand.regionCode = region
      },
      submitHere,
      act("AttachDocument", service.attachDocument(request:context:)) {
        $0.name = demand
        $0.document.evidence = Story.evidence("business-licence")
      },
      act("AssessDemand", service.assessDemand(request:context:)) { $0.name = demand },
      act("ReassessDemand", service.reassessDemand(request:context:)) { $0.name = demand },
      act("PushDemand", service.pushDemand(request:context:)) {
        $0.name = demand
        $0.mode = .open
      },
      act("WithdrawDemand", service.withdrawDemand(request:context:)) {
        $0.name = demand
        $0.reason = "x"
      },
      act("CloseDemand", service.closeDemand(request:context:)) {
        $0.name = demand
        $0.evidence = [Story.evidence("x")]
      },
      act("ExpireDemand", service.expireDemand(request:context:)) {
        $0.name = demand
        $0.asOf = Wire.date(2026, 1, 1)
      },
      act("EscalateDemand", service.escalateDemand(request:context:)) {
        $0.name = demand
        $0.reason = "x"
      },
      act("PlanImprovement", service.planImprovement(request:context:)) {
        $0.name = demand
        $0.plan.steps = [
          .with {
            $0.rule = "x"
            $0.text = "x"
          }
        ]
        $0.plan.reviewOn = Wire.date(2026, 1, 1)
      },
      act("PauseDemand", service.pauseDemand(request:context:)) {
        $0.name = demand
        $0.reason = "x"
      },
      act("ResumeDemand", service.resumeDemand(request:context:)) { $0.name = demand },
      act("NoteDemand", service.noteDemand(request:context:)) {
        $0.name = demand
        $0.text = "x"
      },
      act("ReopenDemand", service.reopenDemand(request:context:)) {
        $0.name = demand
        $0.reason = "x"
      },
    ]
  }

  /// For use in the caller's own place, by a firm of another: the answer would show the firm.
  private var submitHere: Probe {
    Probe(method: "huirong.demand.v1.DemandService/SubmitDemand", reach: .one, findsInside: false) { caller in
      var request = Huirong_Demand_V1_SubmitDemandRequest()
      request.requestID = story.key()
      request.demand = Wire.demand
      let own = caller.regionPrefix
      request.demand.regionCode = region.hasPrefix(own) ? region : own.utf8.count == 4 ? own + "02" : own
      _ = try await wire.run("SubmitDemand", request, by: caller, wire.service.submitDemand(request:context:))
      return true
    }
  }

  /// Commands of institutions on one demand.
  var institutionCommands: [Probe] {
    let service = wire.service
    return [
      act("ClaimDemand", service.claimDemand(request:context:)) { $0.name = demand },
      act("OfferDemand", service.offerDemand(request:context:)) {
        $0.name = demand
        $0.amount = Wire.cny(1)
        $0.rate.ppm = 34_500
        $0.tenorMonths = 12
      },
      act("SignDemand", service.signDemand(request:context:)) {
        $0.name = demand
        $0.contract.number = "x"
        $0.contract.amount = Wire.cny(1)
        $0.contract.signedOn = Wire.date(2025, 1, 2)
      },
      act("RecordDisbursement", service.recordDisbursement(request:context:)) {
        $0.name = demand
        $0.disbursement.amount = Wire.cny(1)
        $0.disbursement.paidOn = Wire.date(2025, 1, 2)
        $0.disbursement.evidence = Story.evidence("x")
      },
      act("DeclineDemand", service.declineDemand(request:context:)) {
        $0.name = demand
        $0.reason = "x"
      },
      act("InviteInstitution", service.inviteInstitution(request:context:)) {
        $0.name = demand
        $0.member = "bank-m"
        $0.share = Wire.cny(1)
      },
      act("JoinDemand", service.joinDemand(request:context:)) { $0.name = demand },
      act("AcknowledgeDemand", service.acknowledgeDemand(request:context:)) { $0.name = demand },
      act("RecordContact", service.recordContact(request:context:)) {
        $0.name = demand
        $0.reason = "x"
      },
    ]
  }

  var demandReads: [Probe] {
    let service = wire.service
    let here = "region_code = \"\(region)\""
    return [
      read("GetDemand", .one, service.getDemand(request:context:)) { $0.name = demand },
      read("GetDemandHistory", .one, service.getDemandHistory(request:context:)) { $0.name = demand },
      read("GetDemandClocks", .one, service.getDemandClocks(request:context:)) { $0.name = demand },
      read("ExploreDemand", .one, service.exploreDemand(request:context:)) { $0.name = demand },
      read(
        "ListDemands", .place, service.listDemands(request:context:), shows: { !$0.demands.isEmpty },
        with: {
          $0.filter = here
        }),
      read(
        "ListDemands", .items, service.listDemands(request:context:), shows: { !$0.demands.isEmpty }, with: { _ in }),
      read(
        "SearchDemands", .place, service.searchDemands(request:context:), shows: { !$0.demands.isEmpty },
        with: {
          $0.query = "购买"
          $0.filter = here
        }),
      read(
        "SearchDemands", .items, service.searchDemands(request:context:), shows: { !$0.demands.isEmpty },
        with: {
          $0.query = "购买"
        }),
      read(
        "ExportLedger", .place, service.exportLedger(request:context:), shows: { $0.rows > 0 },
        with: {
          $0.filter = here
          $0.format = .csv
        }),
      read(
        "ExportLedger", .items, service.exportLedger(request:context:), shows: { $0.rows > 0 },
        with: {
          $0.format = .json
        }),
      read(
        "SummarizeDemands", .place, service.summarizeDemands(request:context:), shows: { !$0.regions.isEmpty },
        with: {
          $0.regionPrefix = region
        }),
      read(
        "ReportFigures", .place, service.reportFigures(request:context:), shows: { $0.total.demands > 0 },
        with: {
          $0.regionPrefix = region
          $0.dimension = .region
        }),
      read("VerifyChain", .whole, service.verifyChain(request:context:)) { _ in },
      watch,
    ]
  }

  /// Admission is the RPC's; what the stream leaves out is a rule of the log's entries, each of which it asks.
  private var watch: Probe {
    Probe(method: "huirong.demand.v1.DemandService/WatchDemands", reach: .items, findsInside: true) { caller in
      let response = try await wire.service.watchDemands(
        request: wire.request(.init(), by: caller), context: wire.context("WatchDemands"))
      _ = try response.accepted.get()
      return try await wire.test.log().contains { $0.view(for: caller) != nil }
    }
  }

  /// What runs over every demand of the caller's region.
  var sweeps: [Probe] {
    let service = wire.service
    return [
      Probe(method: "huirong.demand.v1.DemandService/ExpireDemands", reach: .items, findsInside: false) { caller in
        wire.time.move(to: "2025-06-02")
        defer { wire.time.move(to: "2025-01-02") }
        var request = Huirong_Demand_V1_ExpireDemandsRequest()
        request.requestID = story.key()
        request.asOf = Wire.date(2025, 6, 1)
        let run = try await wire.run(
          "ExpireDemands", request, by: caller, service.expireDemands(request:context:))
        return !run.names.isEmpty
      },
      Probe(method: "huirong.demand.v1.DemandService/AdvanceClocks", reach: .items, findsInside: false) { caller in
        wire.time.move(to: "2025-02-20")
        defer { wire.time.move(to: "2025-01-02") }
        var request = Huirong_Demand_V1_AdvanceClocksRequest()
        request.requestID = story.key()
        request.asOf = Wire.date(2025, 2, 20)
        let run = try await wire.run(
          "AdvanceClocks", request, by: caller, service.advanceClocks(request:context:))
        return !run.names.isEmpty
      },
    ]
  }
}
