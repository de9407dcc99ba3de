import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Logging
import Observability
import Protos
import RPCEdge
import SwiftProtobuf
import Synchronization

/// The service as callers of either wire meet it, on a store of its own, with a clock that stands still.
struct WireFixture {
  let test: TestStore
  let edge: Edge
  let service: DemandService
  let outreach: OutreachService
  /// What the edge takes for the present; a story moves it on.
  let time = TestTime()

  static func with<R>(packs: [String] = [], _ body: (WireFixture) async throws -> R) async throws -> R {
    try await TestStore.with(packs: packs) { test in try await body(try WireFixture(test)) }
  }

  private init(_ test: TestStore) throws {
    self.test = test
    edge = try Edge(
      methods: Huirong_Demand_V1_DemandService.Method.descriptors
        + Huirong_Demand_V1_OutreachService.Method.descriptors,
      access: DemandAccess.table.merging(DemandAccess.outreach),
      authenticator: DevelopmentAuthenticator(), metrics: Metrics(), logger: Logger(label: "test"),
      clock: { [time] in time.now })
    service = DemandService(
      edge: edge, repository: test.demands, legacyCodes: [], policy: test.policy, products: FixedProducts())
    outreach = OutreachService(edge: edge, repository: test.demands, legacyCodes: [])
  }

  func request<Message>(_ message: Message, by caller: Caller) -> ServerRequest<Message> {
    ServerRequest(
      metadata: [CallerHeader.development: .string(CallerHeader.format(caller))], message: message)
  }

  func context(_ method: String, of service: String = "DemandService") -> ServerContext {
    ServerContext(
      descriptor: MethodDescriptor(fullyQualifiedService: "huirong.demand.v1.\(service)", method: method),
      remotePeer: "in-process:1", localPeer: "in-process:2", cancellation: .init())
  }

  /// A call of any RPC of the demand service.
  func run<Request, Response>(
    _ method: String, _ message: Request, by caller: Caller,
    _ rpc: (ServerRequest<Request>, ServerContext) async throws -> ServerResponse<Response>,
    of service: String = "DemandService"
  ) async throws -> Response {
    try await rpc(request(message, by: caller), context(method, of: service)).message
  }

  // MARK: The calls the tests make most

  func register(
    _ key: String = "r", _ enterprise: Huirong_Demand_V1_Enterprise = Wire.enterprise,
    by caller: Caller = Fixture.operators
  ) async throws -> Huirong_Demand_V1_Enterprise {
    try await service.registerEnterprise(
      request: request(
        .with {
          $0.requestID = key
          $0.enterprise = enterprise
        }, by: caller), context: context("RegisterEnterprise")
    ).message
  }

  func submit(_ key: String = "s", _ demand: Huirong_Demand_V1_Demand = Wire.demand, by caller: Caller = Fixture.firm)
    async throws -> Huirong_Demand_V1_Demand
  {
    try await service.submitDemand(
      request: request(
        .with {
          $0.requestID = key
          $0.demand = demand
        }, by: caller), context: context("SubmitDemand")
    ).message
  }

  func assess(_ name: String, _ key: String = "a", by caller: Caller = Fixture.grid) async throws
    -> Huirong_Demand_V1_Demand
  {
    try await service.assessDemand(
      request: request(
        .with {
          $0.requestID = key
          $0.name = name
        }, by: caller), context: context("AssessDemand")
    ).message
  }

  func push(_ name: String, to banks: [String], _ key: String = "p", by caller: Caller = Fixture.regulator) async throws
    -> Huirong_Demand_V1_Demand
  {
    try await service.pushDemand(
      request: request(
        .with {
          $0.requestID = key
          $0.name = name
          $0.mode = .directed
          $0.candidates = banks.map { bank in .with { $0.institution = bank } }
        }, by: caller), context: context("PushDemand")
    ).message
  }

  func claim(_ name: String, _ key: String = "c", by caller: Caller) async throws -> Huirong_Demand_V1_Demand {
    try await service.claimDemand(
      request: request(
        .with {
          $0.requestID = key
          $0.name = name
        }, by: caller), context: context("ClaimDemand")
    ).message
  }

  func list(_ filter: String, by caller: Caller, size: Int32 = 0, token: String = "", order: String = "") async throws
    -> Huirong_Demand_V1_ListDemandsResponse
  {
    try await service.listDemands(
      request: request(
        .with {
          $0.filter = filter
          $0.pageSize = size
          $0.pageToken = token
          $0.orderBy = order
        }, by: caller), context: context("ListDemands")
    ).message
  }

  /// The stream's messages until the log's present head has passed; the drain then ends it.
  func watch(after sequence: Int64 = 0, by caller: Caller) async throws -> [Huirong_Demand_V1_WatchDemandsResponse] {
    // An entry that everybody sees tells where the present ends.
    let collector = Collector()
    let response = try await service.watchDemands(
      request: request(.with { $0.afterSequence = sequence }, by: caller), context: context("WatchDemands"))
    let contents = try response.accepted.get()
    let head = try await test.log().last { $0.view(for: caller) != nil }?.sequence ?? 0
    async let ended: Void = {
      _ = try? await contents.producer(RPCWriter(wrapping: collector))
    }()
    if head > sequence { await collector.wait(for: head) }
    edge.drain.begin()
    await ended
    return collector.messages
  }

  /// The error of a call that must fail with one of the suite's.
  func refusal(_ body: () async throws -> some Sendable) async -> DomainError? {
    do {
      _ = try await body()
      return nil
    } catch let error as RPCError {
      return DomainError(received: error)
    } catch {
      return error as? DomainError
    }
  }
}

/// A clock that stands still until it is moved.
final class TestTime: Sendable {
  private let instant = Mutex(Fixture.noon)

  var now: Instant { instant.withLock { $0 } }

  /// Noon in Shanghai of a day.
  func move(to day: String) {
    instant.withLock { $0 = Fixture.noonInShanghai(Fixture.date(day)) }
  }
}

/// A catalog in which a guarantee opens three products and every grade better than D one each.
struct FixedProducts: ProductCounting {
  func count(_ subject: FeasibilityCase, for caller: Caller, within limit: Duration?) async throws -> Int {
    let grades: [PlatformGrade] = [.e, .d, .c, .b, .a]
    let grade = subject.profile.grade.flatMap(grades.firstIndex(of:)) ?? 0
    return max(0, grade - 1) + (subject.demand.securityMode == .guarantee ? 3 : 0)
  }
}

/// A writer that keeps what is written and lets somebody wait for a sequence.
final class Collector: RPCWriterProtocol {
  typealias Element = Huirong_Demand_V1_WatchDemandsResponse

  private struct State {
    var messages: [Element] = []
    var waiter: (sequence: Int64, continuation: CheckedContinuation<Void, Never>)?
  }

  private let state = Mutex(State())

  var messages: [Element] { state.withLock { $0.messages } }

  func write(_ element: Element) async throws { take([element]) }

  func write(contentsOf elements: some Sequence<Element>) async throws { take(Array(elements)) }

  private func take(_ elements: [Element]) {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      state.messages += elements
      guard let waiter = state.waiter, let last = state.messages.last, last.header.sequence >= waiter.sequence else {
        return nil
      }
      state.waiter = nil
      return waiter.continuation
    }
    waiter?.resume()
  }

  func wait(for sequence: Int64) async {
    await withCheckedContinuation { continuation in
      let isDone = state.withLock { state in
        if let last = state.messages.last, last.header.sequence >= sequence { return true }
        state.waiter = (sequence, continuation)
        return false
      }
      if isDone { continuation.resume() }
    }
  }
}

/// Valid messages.
enum Wire {
  static let enterprise = Huirong_Demand_V1_Enterprise.with {
    $0.uscc = Fixture.uscc
    $0.displayName = "淄博试验机械有限公司"
    $0.regionCode = "370302001"
    $0.industryCode = "C34"
    $0.sizeInputs = .with {
      $0.sector = "industry"
      $0.staff = 50
      $0.revenue = cny(800_000_000)
    }
    $0.platformGrade = .b
    $0.firstLoan = true
    $0.tags = [.with { $0.tag = "专精特新" }]
    $0.consents = [ConsentKind.pbocCredit, .publicCredit].map { kind in
      .with {
        $0.kind = kind == .pbocCredit ? .pbocCredit : .publicCredit
        $0.grantedOn = date(2024, 6, 1)
        $0.expiresOn = date(2025, 6, 1)
      }
    }
  }

  static let demand = Huirong_Demand_V1_Demand.with {
    $0.enterprise = "enterprises/\(Fixture.uscc)"
    $0.amount = cny(200_000_000)
    $0.tenorMonths = 12
    $0.purpose = "购买原材料"
    $0.securityMode = .credit
    $0.instrument = .loan
    $0.channel = .online
    $0.validUntil = date(2025, 3, 1)
    $0.contact = .with {
      $0.person = "李工"
      $0.phone = "0533-000000"
    }
  }

  static func cny(_ minor: Int64) -> Huirong_Common_V1_Money {
    .with {
      $0.currencyCode = "CNY"
      $0.minorUnits = minor
    }
  }

  static func date(_ year: Int32, _ month: Int32, _ day: Int32) -> Huirong_Common_V1_Date {
    .with {
      $0.year = year
      $0.month = month
      $0.day = day
    }
  }
}
