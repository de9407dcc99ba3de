import ArgumentParser
import PlainRPC
import RPCEdge

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List every method of the suite.")

  @Argument(help: "Only methods whose name contains this.")
  var filter: String?

  func run() throws {
    let methods = SuiteMethods.all.filter(matches)
    guard !methods.isEmpty else { throw ValidationError("no method contains \"\(filter ?? "")\"") }
    for method in methods.sorted(by: { $0.fullName < $1.fullName }) {
      print(method.fullName + (method.kind == .unary ? "" : "  (\(method.kind.rawValue))"))
    }
  }

  private func matches(_ method: PlainMethodDescriptor) -> Bool {
    guard let filter else { return true }
    return method.fullName.lowercased().contains(filter.lowercased())
  }
}
