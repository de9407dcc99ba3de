import GatewayConsole
import GatewayJourney
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PlainRPC
import Protos
import SwiftProtobuf

/// `GET /`: one page that shows where the city's demands, money and rankings stand. It reads with the gateway's own
/// identity and shows sums only, no firm.
struct ConsoleRoutes {
  let clients: SuiteClients
  let logger: Logger

  func register<Context: RequestContext>(on router: Router<Context>) {
    router.get("/") { _, _ in
      let page = ConsolePage(await overview())
      return Response(
        status: .ok, headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: page.html())))
    }
  }

  /// A service that is away leaves its part of the page empty, and says so.
  private func overview() async -> ConsoleOverview {
    var overview = ConsoleOverview()
    overview.demands = await part("demand") {
      try await clients.demand.summarizeDemands(.init(), options: clients.own())
    }
    overview.pools =
      await part("fund") { try await clients.fund.listPools(.init(), options: clients.own()).pools } ?? []
    overview.facilities =
      await part("fund") { try await clients.fund.listFacilities(.init(), options: clients.own()).facilities } ?? []
    overview.products =
      await part("catalog") {
        try await clients.catalog.listProducts(.with { $0.pageSize = 1000 }, options: clients.own()).products
      } ?? []
    if let run = await part(
      "evaluation", { try await clients.evaluation.listRuns(.init(), options: clients.own()).runs })?.last
    {
      overview.run = run
      overview.rankings =
        await part("evaluation") {
          try await clients.evaluation.listRankings(
            .with {
              $0.run = run.name
              $0.pageSize = 10
            }, options: clients.own()
          ).rankings
        } ?? []
    }
    return overview
  }

  private func part<T>(_ service: String, _ read: () async throws -> T) async -> T? {
    do {
      return try await read()
    } catch {
      logger.notice("console cannot read", metadata: ["service": "\(service)", "cause": "\(error)"])
      return nil
    }
  }
}
