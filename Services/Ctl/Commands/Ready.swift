import ArgumentParser
import AsyncHTTPClient
import NIOCore
import NIOHTTP1

struct Ready: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask a process's admin port whether it is ready; exits 1 when it is not.")

  @Argument(help: "host:port of the admin listener.")
  var address: String

  func run() async throws {
    let http = HTTPClient(eventLoopGroupProvider: .singleton)
    do {
      let response = try await http.execute(HTTPClientRequest(url: "http://\(address)/readyz"), timeout: .seconds(3))
      let text = String(buffer: try await response.body.collect(upTo: 64 * 1024))
      try await http.shutdown()
      print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
      if response.status != .ok { throw ExitCode.failure }
    } catch let code as ExitCode {
      throw code
    } catch {
      try await http.shutdown()
      throw ValidationError("\(address): \(error)")
    }
  }
}
