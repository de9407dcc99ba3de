import AsyncHTTPClient
import Foundation
import GRPCCore
import Kernel
import NIOCore
import NIOHTTP1
import PlainRPC
import Protos
import SuiteRunner
import SwiftProtobuf

/// Connections to a running suite in development mode, and who acts.
struct DemoSuite: Sendable {
  let demand: Huirong_Demand_V1_DemandService.PlainClient
  let catalog: Huirong_Catalog_V1_CatalogService.PlainClient
  let fund: Huirong_Fund_V1_FundService.PlainClient
  let evaluation: Huirong_Evaluation_V1_EvaluationService.PlainClient
  let gateway: GatewayClient
  let today: BusinessDate

  static let patience = Duration.seconds(60)

  init(_ suite: LocalSuite, today: BusinessDate) throws {
    func client(_ name: LocalSuite.Name) throws -> PlainClient {
      guard let address = suite.endpoints(of: name)?.plain else {
        throw DomainError(.dependencyUnavailable, "\(name.executable) has no plain listener")
      }
      return try PlainClient(host: address.host, port: address.port, tls: false)
    }
    guard let http = suite.endpoints(of: .gateway)?.http else {
      throw DomainError(.dependencyUnavailable, "the gateway has no HTTP listener")
    }
    demand = .init(try client(.demand))
    catalog = .init(try client(.catalog))
    fund = .init(try client(.fund))
    evaluation = .init(try client(.evaluation))
    gateway = GatewayClient(base: "http://\(http.host):\(http.port)")
    self.today = today
  }

  func close() async throws {
    for client in [demand.client, catalog.client, fund.client, evaluation.client] { await client.close() }
    try await gateway.close()
  }

  func options(as actor: Actor) -> PlainCallOptions {
    .timeout(Self.patience, metadata: ["x-huirong-caller": .string(actor.header)])
  }
}

/// An organisation of the demonstration, as development mode names it.
struct Actor: Sendable {
  let organisation: String
  let role: Role
  var region = ""
  var subject = "demo"

  var header: String { "organisation=\(organisation);role=\(role.rawValue);region=\(region);subject=\(subject)" }

  static let platform = Actor(organisation: "huirong-city", role: .operator, subject: "operator")
  /// Approves the products that the one above enters.
  static let platformReviewer = Actor(organisation: "huirong-city", role: .operator, subject: "reviewer")
  /// Two officers of the fund: what one asks for, the other approves.
  static let fundMaker = Actor(organisation: "city-fund", role: .operator, subject: "officer-chen")
  static let fundChecker = Actor(organisation: "city-fund", role: .operator, subject: "officer-liu")
  /// Pays what the other two applied for and approved.
  static let fundCashier = Actor(organisation: "city-fund", role: .operator, subject: "cashier-sun")
  static let analyst = Actor(organisation: "city-finance-office", role: .analyst, subject: "analyst")
  static let regulator = Actor(organisation: "city-finance-office", role: .regulator, subject: "regulator")

  /// Closes items of its district out of the ledger (销号).
  static func gridWorker(_ region: String) -> Actor {
    Actor(organisation: "grid-\(region)", role: .gridWorker, region: region)
  }
  static func enterprise(_ uscc: String) -> Actor { Actor(organisation: uscc, role: .enterprise) }
  static func institution(_ id: String, officer: String = "officer-a") -> Actor {
    Actor(organisation: id, role: .institution, subject: officer)
  }
}

/// The gateway over HTTP/JSON, as any outside program would call it.
struct GatewayClient: Sendable {
  private let http: HTTPClient
  private let base: String

  struct Refusal: Error, CustomStringConvertible {
    let status: Int
    let body: String
    var description: String { "HTTP \(status): \(body)" }
    var reason: String? {
      guard let object = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any],
        let error = object["error"] as? [String: Any], let details = error["details"] as? [[String: Any]]
      else { return nil }
      return details.compactMap { $0["reason"] as? String }.first
    }
  }

  init(base: String) {
    self.base = base
    var configuration = HTTPClient.Configuration()
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
    http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  func close() async throws { try await http.shutdown() }

  /// Sends a message and reads a journey.
  func post(_ path: String, _ message: some SwiftProtobuf.Message, key: String, as actor: Actor) async throws
    -> JourneyView
  {
    var request = HTTPClientRequest(url: base + path)
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/json")
    request.headers.add(name: "idempotency-key", value: key)
    request.headers.add(name: "x-huirong-caller", value: actor.header)
    request.body = .bytes(ByteBuffer(bytes: try message.jsonUTF8Data() as Data))
    return try JourneyView(try await send(request))
  }

  func get(_ path: String, as actor: Actor) async throws -> Data {
    var request = HTTPClientRequest(url: base + path)
    request.headers.add(name: "x-huirong-caller", value: actor.header)
    return try await send(request)
  }

  private func send(_ request: HTTPClientRequest) async throws -> Data {
    let response = try await http.execute(request, timeout: .seconds(60))
    let body = Data(try await response.body.collect(upTo: 8 * 1024 * 1024).readableBytesView)
    guard (200..<300).contains(Int(response.status.code)) else {
      throw Refusal(status: Int(response.status.code), body: String(decoding: body, as: UTF8.self))
    }
    return body
  }
}

/// The part of a journey's JSON that the demonstration reads.
struct JourneyView: Sendable {
  let demand: Huirong_Demand_V1_Demand
  let guarantees: [Huirong_Fund_V1_Guarantee]

  var id: String { String(demand.name.drop { $0 != "/" }.dropFirst()) }

  init(_ json: Data) throws {
    guard let object = try JSONSerialization.jsonObject(with: json) as? [String: Any], let demand = object["demand"]
    else {
      throw DomainError(.invalidJSON, "a journey without a demand")
    }
    self.demand = try .init(jsonUTF8Data: JSONSerialization.data(withJSONObject: demand))
    guarantees = try (object["guarantees"] as? [Any] ?? []).map {
      try .init(jsonUTF8Data: JSONSerialization.data(withJSONObject: $0))
    }
  }
}

extension BusinessDate {
  var proto: Huirong_Common_V1_Date {
    .with {
      $0.year = Int32(year)
      $0.month = Int32(month)
      $0.day = Int32(day)
    }
  }
}

/// CNY in 分.
func yuan(_ minorUnits: Int64) -> Huirong_Common_V1_Money {
  .with {
    $0.currencyCode = "CNY"
    $0.minorUnits = minorUnits
  }
}
