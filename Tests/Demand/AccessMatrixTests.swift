import DemandAPI
import DemandDomain
import Kernel
import Protos
import RPCEdge
import Storage
import Testing

/// Every RPC × role × region: what the tables say is what the wire answers.
@Suite struct AccessMatrixTests {
  private static let table = DemandAccess.table.merging(DemandAccess.outreach)
  /// Where the matter of every probe lies, and who holds that place.
  private static let inside = ["", "3703", "370302001001"]
  /// The next village, another county, another city.
  private static let outside = ["370302001002", "370303", "3706"]

  private static var methods: [String] {
    (Huirong_Demand_V1_DemandService.Method.descriptors + Huirong_Demand_V1_OutreachService.Method.descriptors)
      .map(\.fullyQualifiedMethod)
  }

  @Test func `every RPC of both services has a row of this matrix`() async throws {
    try await Story.tell { story in
      let probed = try await Probe.all(story).map(\.method)
      #expect(Set(probed) == Set(Self.methods))
    }
  }

  @Test func `a role without a row is refused by every RPC before anything else is looked at`() async throws {
    try await Story.tell { story in
      for probe in try await Probe.all(story) {
        for role in Role.allCases {
          let admitted = Self.table.roles(of: probe.method).contains(role)
          let answer = await probe.answer(to: Self.insider(role, "3703"), story)
          #expect((answer == .roleRefused) == !admitted, "\(probe.method) \(role): \(answer)")
        }
      }
    }
  }

  @Test func `out of its place a role is told so, or finds nothing, and changes nothing`() async throws {
    try await Story.tell { story in
      let probes = try await Probe.all(story)
      let before = story.wire.test.store.eventHead
      for probe in probes {
        for role in Role.allCases where Self.table.roles(of: probe.method).contains(role) {
          for region in Self.outside {
            let answer = await probe.answer(to: Self.outsider(role, region), story)
            #expect(answer == probe.reach.outside(role), "\(probe.method) \(role) \(region): \(answer)")
          }
        }
      }
      #expect(story.wire.test.store.eventHead == before)
    }
  }

  @Test(arguments: methods)
  func `in its place every role of the row is answered`(_ method: String) async throws {
    try await Story.tell { story in
      let probes = try await Probe.all(story).filter { $0.method == method }
      for probe in probes {
        for role in Role.allCases where Self.table.roles(of: method).contains(role) {
          for region in Self.inside {
            let answer = await probe.answer(to: Self.insider(role, region), story)
            let isAnswered = probe.findsInside ? answer == .something : answer != .roleRefused && answer != .outOfScope
            #expect(isAnswered, "\(method) \(role) \(region): \(answer)")
          }
        }
      }
    }
  }

  /// A firm and an institution are insiders by what they are, everybody else by the place.
  private static func insider(_ role: Role, _ region: String) -> Caller {
    switch role {
    case .enterprise: Fixture.firm
    case .institution: Fixture.bank("bank-a", region: region)
    case .gridWorker, .regulator, .adviser, .analyst, .operator, .service:
      Caller(
        organisation: "own-\(role.rawValue.filter { $0 != "_" })", role: role, regionPrefix: region, subject: "x")
    }
  }

  private static func outsider(_ role: Role, _ region: String) -> Caller {
    Caller(
      organisation: role == .enterprise ? Fixture.otherUSCC : "other-\(role.rawValue.filter { $0 != "_" })", role: role,
      regionPrefix: region, subject: "x")
  }
}
