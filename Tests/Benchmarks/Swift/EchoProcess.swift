import EchoProtos
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import NIOCore
import PlainRPC

/// Serves until standard input closes; prints `listening PORT` when ready.
enum EchoProcess {
  static func serve(_ options: Options) async throws {
    switch options.wire {
    case .plain: try await servePlain()
    case .grpc: try await serveGRPC()
    }
  }

  private static func servePlain() async throws {
    let server = try PlainServer(
      configuration: PlainServerConfiguration(port: 0), services: [Echo_V1_EchoService.plainMethods(EchoServer())],
      logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      announce(await server.listeningAddress?.port)
      await inputClosed()
      server.beginGracefulShutdown()
      try await group.waitForAll()
    }
  }

  private static func serveGRPC() async throws {
    let server = GRPCServer(
      transport: .http2NIOPosix(address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext),
      services: [EchoServer()])
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.serve() }
      announce(try await server.listeningAddress?.ipv4?.port)
      await inputClosed()
      server.beginGracefulShutdown()
      try await group.waitForAll()
    }
  }

  private static func announce(_ port: Int?) {
    FileHandle.standardOutput.write(Data("listening \(port ?? 0)\n".utf8))
  }

  private static func inputClosed() async {
    await withCheckedContinuation { continuation in
      let thread = Thread {
        while !FileHandle.standardInput.availableData.isEmpty {}
        continuation.resume()
      }
      thread.start()
    }
  }
}
