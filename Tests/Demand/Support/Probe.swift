import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import PlainRPC
import Protos
import RPCEdge
import SwiftProtobuf

/// One RPC with a request that is right in form, about a matter of the village 370302001001.
struct Probe {
  /// What out of scope means for an RPC.
  enum Reach {
    /// One demand, firm or case.
    case one
    /// A place named in the request; firms and institutions are not bound to places and find nothing.
    case place
    /// Items of which those out of scope are left out, or refused one by one.
    case items
    /// The service as a whole.
    case whole

    func outside(_ role: Role) -> Answer {
      switch self {
      case .one: .outOfScope
      case .place: role == .enterprise || role == .institution ? .nothing : .outOfScope
      case .items: .nothing
      case .whole: .something
      }
    }
  }

  enum Answer: Equatable {
    case roleRefused, outOfScope, nothing, something
    /// The domain's answer to somebody who may ask.
    case refused(ErrorReason)
  }

  let method: String
  let reach: Reach
  /// Whether an insider must find something; a command may be refused for the state that an earlier one left.
  let findsInside: Bool
  /// Whether the answer shows something of the matter.
  let call: (Caller) async throws -> Bool

  /// A command also answers OUT_OF_SCOPE to those in its place whom it was not meant for: not invited, not pushed to, below
  /// the level that handles the demand now. It then names the institution or the level and no role.
  private static func isOfPlace(_ error: DomainError) -> Bool {
    if error.metadata["role"] != nil { return true }
    return ["institution", "organisation", "level"].allSatisfy { error.metadata[$0] == nil }
  }

  func answer(to caller: Caller, _ story: Story) async -> Answer {
    do {
      return try await call(caller) ? .something : .nothing
    } catch let error as RPCError {
      guard let error = DomainError(received: error) else { return .refused(.internal) }
      switch error.reason {
      case .roleNotAllowed where error.metadata["method"] != nil: return .roleRefused
      case .outOfScope where Self.isOfPlace(error): return .outOfScope
      default: return .refused(error.reason)
      }
    } catch {
      return .refused(.internal)
    }
  }
}

/// What the probes are about.
struct ProbeMatter {
  let story: Story
  let demand: String
  let firm: String
  let otherFirm: String
  let matter: String
  let report: String
  let region = "370302001001"
  let service: String

  var wire: WireFixture { story.wire }

  /// A demand that is pushed to bank-a and open to every institution of the city, its firm, an entry of a white list about it,
  /// which every role may see, the team of a chain, and a report.
  static func make(_ story: Story) async throws -> ProbeMatter {
    var firm = Wire.enterprise
    firm.regionCode = "370302001001"
    _ = try await story.wire.register("firm", firm)
    firm.uscc = try Fixture.firm(number: 7).organisation
    let other = try await story.wire.register("other", firm)
    let demand = try await story.submit({ $0.regionCode = "370302001001" }, by: Fixture.operators)
    _ = try await story.wire.assess(demand.name, story.key())
    _ = try await story.wire.run(
      "PushDemand",
      .with {
        $0.requestID = story.key()
        $0.name = demand.name
        $0.mode = .open
        $0.candidates = [.with { $0.institution = "bank-a" }]
      }, by: Fixture.regulator, story.wire.service.pushDemand(request:context:))
    let matter = try await story.open(.whiteListEntry, ["list": "core_firm"], by: Fixture.regulator) {
      $0.regionCode = "370302001001"
      $0.enterprise = "enterprises/\(Fixture.uscc)"
      $0.organisation = "bank-a"
    }
    _ = try await story.open(.chainTeam, ["chain": "新材料", "lead_banks": "b1,b2"], by: Fixture.regulator) {
      $0.regionCode = "370300"
    }
    let report = try await story.report("2023", of: "370302001001", by: Fixture.regulator)
    let year = ["from": "2025-01-01", "to": "2025-12-31", "firms": "10"]
    _ = try await story.open(.firstLoanTarget, year, by: Fixture.regulator) { $0.regionCode = "370302001001" }
    return ProbeMatter(
      story: story, demand: demand.name, firm: "enterprises/\(Fixture.uscc)", otherFirm: other.name,
      matter: matter.name, report: report.matter.name, service: "DemandService")
  }

  /// A call without effect.
  func read<Request: Message, Response>(
    _ method: String, _ reach: Probe.Reach, of service: String = "DemandService",
    _ rpc: @escaping (ServerRequest<Request>, ServerContext) async throws -> ServerResponse<Response>,
    shows: @escaping (Response) -> Bool = { _ in true }, with fill: @escaping (inout Request) -> Void
  ) -> Probe {
    Probe(
      method: "huirong.demand.v1.\(service)/\(method)", reach: reach, findsInside: reach == .place || reach == .items
    ) { caller in
      var request = Request()
      fill(&request)
      return shows(try await wire.run(method, request, by: caller, rpc, of: service))
    }
  }

  /// A command, under a key of its own each time.
  func act<Request: IdempotentRequest, Response>(
    _ method: String,
    _ rpc: @escaping (ServerRequest<Request>, ServerContext) async throws -> ServerResponse<Response>,
    reach: Probe.Reach = .one, of service: String = "DemandService",
    shows: @escaping (Response) -> Bool = { _ in true }, with fill: @escaping (inout Request) -> Void
  ) -> Probe {
    Probe(method: "huirong.demand.v1.\(service)/\(method)", reach: reach, findsInside: false) { caller in
      var request = Request()
      request.requestID = story.key()
      fill(&request)
      return shows(try await wire.run(method, request, by: caller, rpc, of: service))
    }
  }
}

extension Probe {
  static func all(_ story: Story) async throws -> [Probe] {
    let matter = try await ProbeMatter.make(story)
    return matter.demandCommands + matter.institutionCommands + matter.demandReads + matter.sweeps + matter.enterprises
      + matter.outreach
  }
}
