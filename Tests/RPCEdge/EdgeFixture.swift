import GRPCCore
import Kernel
import Logging
import Observability
import Synchronization

@testable import RPCEdge

/// An edge in development mode over one service of two methods, and what it logged and counted.
struct EdgeFixture {
  static let now = Instant(microseconds: 1_767_323_045_678_901)
  static let caller = "organisation=bank-icbc;role=institution;region=3703;subject=zhang"
  static let methods = ["Get", "Put", "Watch"].map {
    MethodDescriptor(fullyQualifiedService: "test.v1.TestService", method: $0)
  }

  let edge: Edge
  let metrics = Metrics()
  let lines = Lines()

  final class Lines: Sendable {
    private let all = Mutex<[String]>([])
    var text: String { all.withLock { $0.joined() } }
    func append(_ line: String) { all.withLock { $0.append(line) } }
  }

  init(level: Logger.Level = .info) throws {
    let lines = lines
    let logger = Logger(label: "test") { _ in
      LineLogHandler(service: "test", format: .human, level: level, sink: { line in lines.append(line) })
    }
    edge = try Edge(
      methods: Self.methods,
      access: AccessTable(
        service: "test.v1.TestService", ["Get": .everyone, "Put": [.institution, .operator], "Watch": .operator]),
      authenticator: DevelopmentAuthenticator(), metrics: metrics, logger: logger, clock: { Self.now })
  }

  func context(_ method: String) -> ServerContext {
    ServerContext(
      descriptor: MethodDescriptor(fullyQualifiedService: "test.v1.TestService", method: method),
      remotePeer: "in-process:1", localPeer: "in-process:2", cancellation: .init())
  }

  func request<Message>(_ message: Message, _ extra: Metadata = [:], caller: String = caller) -> ServerRequest<Message>
  {
    var metadata: Metadata = ["x-huirong-caller": .string(caller)]
    metadata.add(contentsOf: extra)
    return ServerRequest(metadata: metadata, message: message)
  }

  /// The reason of a call that must fail with an error of the suite.
  func reason(_ body: () async throws -> Void) async -> DomainError? {
    do {
      try await body()
      return nil
    } catch let error as RPCError {
      return DomainError(received: error)
    } catch {
      return nil
    }
  }
}
