import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import RPCEdge
import Storage
import SwiftProtobuf
import Testing

/// Every RPC × role × region: what the tables say is what the wire answers.
@Suite struct AccessMatrixTests {
  private static func caller(_ role: Role, region: String) -> Caller {
    Caller(
      organisation: role == .enterprise ? Fixture.otherUSCC : "other-\(role.rawValue.filter { $0 != "_" })", role: role,
      regionPrefix: region, subject: "x")
  }

  @Test func `a role without a row is refused by every RPC before anything else is looked at`() async throws {
    try await Story.tell { story in
      let name = try await story.pushed().name
      for rpc in Probe.all(story.wire, name) {
        for role in Role.allCases {
          let admitted = DemandAccess.table.merging(DemandAccess.outreach).roles(of: rpc.method).contains(role)
          let error = await story.wire.refusal { try await rpc.call(Self.caller(role, region: "3703")) }
          #expect(
            (error?.reason == .roleNotAllowed && error?.metadata["method"] != nil) == !admitted,
            "\(rpc.method) \(role): \(error as Any)")
        }
      }
    }
  }

  @Test(arguments: ["370303", "370302001002", "3706"])
  func `no RPC answers or changes a demand of another place`(_ region: String) async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let demand = try await story.submit({ $0.regionCode = "370302001001" }, by: Fixture.operators)
      let before = story.wire.test.store.eventHead
      for rpc in Probe.all(story.wire, demand.name) where rpc.isAboutOneDemand {
        for role in Role.allCases {
          let roles = DemandAccess.table.roles(of: rpc.method)
          guard roles.contains(role) else { continue }
          let error = await story.wire.refusal { try await rpc.call(Self.caller(role, region: region)) }
          #expect(error?.reason == .outOfScope, "\(rpc.method) \(role) \(region): \(error as Any)")
        }
      }
      #expect(story.wire.test.store.eventHead == before)
    }
  }
}

/// One RPC with a request that is right in form.
struct Probe {
  let method: String
  let isAboutOneDemand: Bool
  let call: (Caller) async throws -> Void

  static func all(_ wire: WireFixture, _ name: String) -> [Probe] {
    demandCommands(wire, name) + reading(wire, name) + cases(wire)
  }

  private static func probe<Request, Response>(
    _ wire: WireFixture, _ method: String, about: Bool = true, of service: String = "DemandService", _ request: Request,
    _ rpc: @escaping (ServerRequest<Request>, ServerContext) async throws -> ServerResponse<Response>
  ) -> Probe {
    Probe(method: "huirong.demand.v1.\(service)/\(method)", isAboutOneDemand: about) { caller in
      _ = try await wire.run(method, request, by: caller, rpc, of: service)
    }
  }

  private static func demandCommands(_ wire: WireFixture, _ name: String) -> [Probe] {
    let service = wire.service
    func key() -> String { "probe-\(UInt64.random(in: .min ... .max))" }
    return [
      probe(
        wire, "AssessDemand",
        .with {
          $0.requestID = key()
          $0.name = name
        }, service.assessDemand(request:context:)),
      probe(
        wire, "ReassessDemand",
        .with {
          $0.requestID = key()
          $0.name = name
        }, service.reassessDemand(request:context:)),
      probe(
        wire, "PushDemand",
        .with {
          $0.requestID = key()
          $0.name = name
          $0.mode = .open
        }, service.pushDemand(request:context:)),
      probe(
        wire, "ClaimDemand",
        .with {
          $0.requestID = key()
          $0.name = name
        }, service.claimDemand(request:context:)),
      probe(
        wire, "DeclineDemand",
        .with {
          $0.requestID = key()
          $0.name = name
          $0.reason = "x"
        }, service.declineDemand(request:context:)),
      probe(
        wire, "WithdrawDemand",
        .with {
          $0.requestID = key()
          $0.name = name
          $0.reason = "x"
        }, service.withdrawDemand(request:context:)),
      probe(
        wire, "CloseDemand",
        .with {
          $0.requestID = key()
          $0.name = name
          $0.evidence = [Story.evidence("x")]
        },
        service.closeDemand(request:context:)),
      probe(
        wire, "ExpireDemand",
        .with {
          $0.requestID = key()
          $0.name = name
          $0.asOf = Wire.date(2026, 1, 1)
        }, service.expireDemand(request:context:)),
      probe(
        wire, "EscalateDemand",
        .with {
          $0.requestID = key()
          $0.name = name
          $0.reason = "x"
        }, service.escalateDemand(request:context:)),
      probe(
        wire, "JoinDemand",
        .with {
          $0.requestID = key()
          $0.name = name
        }, service.joinDemand(request:context:)),
      probe(
        wire, "AcknowledgeDemand",
        .with {
          $0.requestID = key()
          $0.name = name
        }, service.acknowledgeDemand(request:context:)),
      probe(
        wire, "RecordContact",
        .with {
          $0.requestID = key()
          $0.name = name
          $0.reason = "x"
        }, service.recordContact(request:context:)),
      probe(
        wire, "PauseDemand",
        .with {
          $0.requestID = key()
          $0.name = name
          $0.reason = "x"
        }, service.pauseDemand(request:context:)),
      probe(
        wire, "ResumeDemand",
        .with {
          $0.requestID = key()
          $0.name = name
        }, service.resumeDemand(request:context:)),
      probe(
        wire, "NoteDemand",
        .with {
          $0.requestID = key()
          $0.name = name
          $0.text = "x"
        }, service.noteDemand(request:context:)),
      probe(
        wire, "ReopenDemand",
        .with {
          $0.requestID = key()
          $0.name = name
          $0.reason = "x"
        }, service.reopenDemand(request:context:)),
      probe(
        wire, "PlanImprovement",
        .with {
          $0.requestID = key()
          $0.name = name
          $0.plan.steps = [
            .with {
              $0.rule = "x"
              $0.text = "x"
            }
          ]
          $0.plan.reviewOn = Wire.date(2026, 1, 1)
        }, service.planImprovement(request:context:)),
      probe(
        wire, "InviteInstitution",
        .with {
          $0.requestID = key()
          $0.name = name
          $0.member = "bank-m"
          $0.share = Wire.cny(1)
        }, service.inviteInstitution(request:context:)),
    ]
  }

  private static func reading(_ wire: WireFixture, _ name: String) -> [Probe] {
    let service = wire.service
    return [
      probe(wire, "GetDemand", .with { $0.name = name }, service.getDemand(request:context:)),
      probe(wire, "GetDemandHistory", .with { $0.name = name }, service.getDemandHistory(request:context:)),
      probe(wire, "GetDemandClocks", .with { $0.name = name }, service.getDemandClocks(request:context:)),
      probe(wire, "ExploreDemand", .with { $0.name = name }, service.exploreDemand(request:context:)),
      probe(wire, "SummarizeDemands", about: false, .init(), service.summarizeDemands(request:context:)),
      probe(wire, "ListDemands", about: false, .init(), service.listDemands(request:context:)),
      probe(wire, "ListEnterprises", about: false, .init(), service.listEnterprises(request:context:)),
      probe(wire, "SearchDemands", about: false, .with { $0.query = "设备" }, service.searchDemands(request:context:)),
      probe(wire, "ExportLedger", about: false, .with { $0.format = .csv }, service.exportLedger(request:context:)),
      probe(
        wire, "ReportFigures", about: false,
        .with {
          $0.regionPrefix = "3703"
          $0.dimension = .region
        }, service.reportFigures(request:context:)),
      probe(wire, "VerifyChain", about: false, .init(), service.verifyChain(request:context:)),
      probe(
        wire, "AdvanceClocks", about: false,
        .with {
          $0.requestID = "advance-\(UInt64.random(in: .min ... .max))"
          $0.asOf = Wire.date(2025, 1, 2)
        }, service.advanceClocks(request:context:)),
    ]
  }

  private static func cases(_ wire: WireFixture) -> [Probe] {
    let outreach = wire.outreach
    return [
      probe(
        wire, "OpenCase", about: false, of: "OutreachService", .with { $0.requestID = "x" },
        outreach.openCase(request:context:)),
      probe(
        wire, "ActOnCase", about: false, of: "OutreachService", .with { $0.requestID = "y" },
        outreach.actOnCase(request:context:)),
      probe(wire, "GetCase", about: false, of: "OutreachService", .init(), outreach.getCase(request:context:)),
      probe(wire, "ListCases", about: false, of: "OutreachService", .init(), outreach.listCases(request:context:)),
      probe(
        wire, "SyncVisits", about: false, of: "OutreachService", .with { $0.requestID = "z" },
        outreach.syncVisits(request:context:)),
      probe(
        wire, "ArrangeDuty", about: false, of: "OutreachService", .with { $0.requestID = "d" },
        outreach.arrangeDuty(request:context:)),
      probe(wire, "ReportCases", about: false, of: "OutreachService", .init(), outreach.reportCases(request:context:)),
    ]
  }
}
