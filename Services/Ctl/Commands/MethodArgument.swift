import ArgumentParser
import PlainRPC
import RPCEdge

enum MethodArgument {
  /// A method by its full name or by any suffix of it that is unique: `DemandService/GetDemand`, `GetDemand`.
  static func resolve(_ text: String) throws -> PlainMethodDescriptor {
    if let exact = SuiteMethods.named(text) { return exact }
    let candidates = SuiteMethods.all.filter { method in
      method.fullName.hasSuffix("/" + text) || method.fullName.hasSuffix("." + text)
    }
    if candidates.count == 1 { return candidates[0] }
    if candidates.count > 1 {
      throw ValidationError("\"\(text)\" names several: \(candidates.map(\.fullName).joined(separator: ", "))")
    }
    let word = text.split(separator: "/").last.map { $0.lowercased() } ?? ""
    let near = SuiteMethods.all.filter { !word.isEmpty && $0.method.lowercased().contains(word) }.map(\.fullName)
    throw ValidationError(
      "no method \"\(text)\""
        + (near.isEmpty ? "; huirongctl list shows them all" : "; did you mean \(near.joined(separator: ", "))?"))
  }
}
