import Foundation

/// Load servers and clients of echo.v1.EchoService, for `make bench ONLY=plainrpc`.
@main
struct Main {
  static func main() async {
    do {
      let options = try Options(Array(CommandLine.arguments.dropFirst()))
      switch options.role {
      case .server: try await EchoProcess.serve(options)
      case .client: print(try await LoadClient(options).run())
      }
    } catch {
      FileHandle.standardError.write(Data("huirong-bench: \(error)\n".utf8))
      exit(1)
    }
  }
}
