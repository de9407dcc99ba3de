import Foundation
import GatewayJourney
import HTTPTypes
import Hummingbird
import Kernel
import Logging
import NIOCore
import PlainRPC
import Protos
import SwiftProtobuf

/// `/v1/journeys`: a demand and everything that belongs to it, under one address.
///
///     POST /v1/journeys                    submit (body: a Demand); Idempotency-Key required
///     GET  /v1/journeys?state=PUSHED       list
///     GET  /v1/journeys/{id}               where it stands, and whom it waits for
///     GET  /v1/journeys/{id}/matches       the catalog's answer now, with reasons for what does not fit
///     POST /v1/journeys/{id}:{action}      claim offer sign disburse close decline withdraw expire reassess
struct JourneyRoutes {
  let coordinator: JourneyCoordinator
  let logger: Logger

  static let maximumBody = 1024 * 1024

  func register<Context: RequestContext>(on router: Router<Context>) {
    router.post("/v1/journeys") { request, _ in
      await JSONReply.guarded(logger) { JSONReply.ok(try JourneyJSON.encode(await submit(request)), status: .created) }
    }
    router.get("/v1/journeys") { request, _ in
      await JSONReply.guarded(logger) { JSONReply.ok(try await list(request)) }
    }
    router.get("/v1/journeys/:id") { request, context in
      await JSONReply.guarded(logger) {
        let name = try Self.demandName(context.parameters.require("id"))
        return JSONReply.ok(try JourneyJSON.encode(await coordinator.read(name, options: CallHeaders.options(request))))
      }
    }
    router.get("/v1/journeys/:id/matches") { request, context in
      await JSONReply.guarded(logger) {
        JSONReply.ok(try await matches(Self.demandName(context.parameters.require("id")), request))
      }
    }
    router.post("/v1/journeys/:id") { request, context in
      await JSONReply.guarded(logger) {
        JSONReply.ok(try JourneyJSON.encode(await act(context.parameters.require("id"), request)))
      }
    }
  }

  private func submit(_ request: Request) async throws -> Journey {
    let key = try CallHeaders.requestID(request)
    let options = try CallHeaders.options(request)
    var message = Huirong_Demand_V1_SubmitDemandRequest()
    message.demand = try await decode(request)
    message.requestID = key
    return try await coordinator.submit(message, options: options)
  }

  private func list(_ request: Request) async throws -> Data {
    let query = request.uri.queryParameters
    var message = Huirong_Demand_V1_ListDemandsRequest()
    var terms: [String] = []
    for (parameter, field) in [("state", "state"), ("region", "region_code"), ("institution", "claimed_institution")] {
      guard let value = query[Substring(parameter)] else { continue }
      guard !value.contains("\""), !value.contains("\\") else {
        throw DomainError(.invalidFilter, "quotation marks and backslashes are not allowed", field: parameter)
      }
      terms.append("\(field) = \"\(value)\"")
    }
    message.filter = terms.joined(separator: " AND ")
    message.orderBy = "create_time desc"
    if let text = query["page_size"] {
      guard let size = Int32(text) else { throw DomainError(.invalidPageSize, "not a number", field: "page_size") }
      message.pageSize = size
    }
    message.pageToken = query["page_token"].map(String.init) ?? ""
    let page = try await coordinator.clients.demand.listDemands(message, options: CallHeaders.options(request))
    return try page.jsonUTF8Data()
  }

  private func matches(_ name: String, _ request: Request) async throws -> Data {
    let options = try CallHeaders.options(request)
    let demand = try await coordinator.clients.demand.getDemand(.with { $0.name = name }, options: options)
    let question = coordinator.matchRequest(demand, limit: 20, includeIneligible: true)
    return try await coordinator.clients.catalog.matchProducts(question, options: coordinator.clients.own())
      .jsonUTF8Data()
  }

  private func act(_ target: String, _ request: Request) async throws -> Journey {
    let parts = target.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw DomainError(.methodNotFound, "POST /v1/journeys/{id}:{action}, not \"\(target.prefix(96))\"")
    }
    let name = try Self.demandName(String(parts[0]))
    let key = try CallHeaders.requestID(request)
    let options = try CallHeaders.options(request)
    func message<M: JourneyRequest>(_: M.Type) async throws -> M {
      var message: M = try await decode(request)
      message.name = name
      message.requestID = key
      return message
    }
    switch parts[1] {
    case "claim":
      return try await coordinator.claim(message(Huirong_Demand_V1_ClaimDemandRequest.self), options: options)
    case "offer":
      return try await coordinator.offer(message(Huirong_Demand_V1_OfferDemandRequest.self), options: options)
    case "sign": return try await coordinator.sign(message(Huirong_Demand_V1_SignDemandRequest.self), options: options)
    case "disburse":
      return try await coordinator.disburse(message(Huirong_Demand_V1_RecordDisbursementRequest.self), options: options)
    case "close":
      return try await coordinator.close(message(Huirong_Demand_V1_CloseDemandRequest.self), options: options)
    case "decline":
      return try await coordinator.decline(message(Huirong_Demand_V1_DeclineDemandRequest.self), options: options)
    case "withdraw":
      return try await coordinator.withdraw(message(Huirong_Demand_V1_WithdrawDemandRequest.self), options: options)
    case "expire":
      return try await coordinator.expire(message(Huirong_Demand_V1_ExpireDemandRequest.self), options: options)
    case "reassess":
      return try await coordinator.reassess(message(Huirong_Demand_V1_ReassessDemandRequest.self), options: options)
    default:
      throw DomainError(
        .methodNotFound,
        "no action \"\(parts[1].prefix(32))\": claim, offer, sign, disburse, close, decline, withdraw, expire, reassess"
      )
    }
  }

  private func decode<M: SwiftProtobuf.Message>(_ request: Request) async throws -> M {
    let body = try await request.body.collect(upTo: Self.maximumBody)
    do {
      return try M(jsonUTF8Data: body.readableBytes == 0 ? Data("{}".utf8) : Data(body.readableBytesView))
    } catch {
      throw DomainError(.invalidJSON, "not a \(M.protoMessageName): \(error)", field: "body")
    }
  }

  private static func demandName(_ id: String) throws(DomainError) -> String {
    guard ResourceName.isID(id) else {
      throw DomainError(.invalidResourceName, "\"\(id.prefix(96))\" is not a journey's id", field: "id")
    }
    return "demands/\(id)"
  }
}

/// A request of the demand service that acts on one demand under a key.
protocol JourneyRequest: SwiftProtobuf.Message {
  var requestID: String { get set }
  var name: String { get set }
}

extension Huirong_Demand_V1_ClaimDemandRequest: JourneyRequest {}
extension Huirong_Demand_V1_OfferDemandRequest: JourneyRequest {}
extension Huirong_Demand_V1_SignDemandRequest: JourneyRequest {}
extension Huirong_Demand_V1_RecordDisbursementRequest: JourneyRequest {}
extension Huirong_Demand_V1_CloseDemandRequest: JourneyRequest {}
extension Huirong_Demand_V1_DeclineDemandRequest: JourneyRequest {}
extension Huirong_Demand_V1_WithdrawDemandRequest: JourneyRequest {}
extension Huirong_Demand_V1_ExpireDemandRequest: JourneyRequest {}
extension Huirong_Demand_V1_ReassessDemandRequest: JourneyRequest {}
