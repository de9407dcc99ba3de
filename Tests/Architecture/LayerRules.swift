import Testing

/// Which modules a folder may import. The target dependencies in Package.swift already forbid most crossings; this table
/// also covers what a toolchain lets through (Foundation, transitive modules) and says the rule in one place.
struct LayerRule: Sendable, CustomTestStringConvertible {
  let folder: String
  let allowed: Set<String>

  var testDescription: String { folder }

  static let standard: Set = ["Swift", "Synchronization"]
  static let services = ["Demand", "Catalog", "Fund", "Evaluation"]

  /// What every executable's outermost layer may use.
  private static let hosting: Set = [
    "Kernel", "Policy", "Storage", "ServiceHost", "RPCEdge", "PlainRPC", "Protos", "WireProtos", "Observability",
    "GRPCCore",
    "Logging", "ServiceLifecycle", "ArgumentParser", "Foundation", "NIOCore", "NIOPosix", "Crypto",
  ]

  private static let api: Set = [
    "Kernel", "Protos", "WireProtos", "PlainRPC", "RPCEdge", "Observability", "GRPCCore", "SwiftProtobuf", "Logging",
    "Foundation", "FoundationEssentials",
  ]

  /// Further modules that a service's executable composes.
  private static func parts(of service: String) -> Set<String> {
    service == "Evaluation"
      ? ["EvaluationAnalysisAPI", "EvaluationRatings", "EvaluationRatingsStore", "EvaluationRatingsAPI"] : []
  }

  static let all: [LayerRule] =
    [
      LayerRule(folder: "Shared/Kernel", allowed: []),
      LayerRule(folder: "Shared/Policy", allowed: ["Kernel", "Yams"]),
      LayerRule(
        folder: "Shared/PlainRPC",
        allowed: [
          "WireProtos", "SwiftProtobuf", "GRPCCore", "NIOCore", "NIOPosix", "NIOSSL", "Logging", "Atomics", "Glibc",
          "Foundation",
        ]),
      LayerRule(
        folder: "Shared/Storage",
        allowed: [
          "Kernel", "GRDB", "GRDBSQLite", "SQLiteSetup", "Crypto", "Logging", "Atomics", "Foundation", "Glibc",
          "Dispatch",
        ]),
      LayerRule(
        folder: "Shared/Observability",
        allowed: ["Kernel", "Logging", "Atomics", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin"]),
    ]
    + services.flatMap { name in
      [
        LayerRule(folder: "Services/\(name)/Domain", allowed: ["Kernel", "Policy"]),
        LayerRule(
          folder: "Services/\(name)/Store",
          allowed: ["Kernel", "Policy", "Storage", "\(name)Domain", "Foundation", "FoundationEssentials", "Crypto"]),
        LayerRule(folder: "Services/\(name)/API", allowed: api.union(["Policy", "\(name)Domain"])),
        LayerRule(
          folder: "Services/\(name)/Main",
          allowed: hosting.union(["\(name)Domain", "\(name)Store", "\(name)API"]).union(parts(of: name))),
      ]
    }
    + [
      LayerRule(folder: "Services/Evaluation/Analysis", allowed: ["Kernel", "Foundation"]),
      LayerRule(
        folder: "Services/Evaluation/AnalysisAPI", allowed: api.union(["EvaluationAnalysis", "EvaluationDomain"])),
      LayerRule(folder: "Services/Evaluation/Ratings", allowed: ["Kernel", "Foundation"]),
      LayerRule(
        folder: "Services/Evaluation/RatingsStore",
        allowed: ["Kernel", "Storage", "EvaluationRatings", "Foundation"]),
      LayerRule(folder: "Services/Evaluation/RatingsAPI", allowed: api.union(["EvaluationRatings"])),
    ]
    + ["HTTP", "Journey", "Console", "Main"].map { layer in
      LayerRule(
        folder: "Services/Gateway/\(layer)",
        allowed: hosting.subtracting(["Storage", "Policy"]).union([
          "SwiftProtobuf", "Hummingbird", "HTTPTypes", "GatewayHTTP", "GatewayJourney", "GatewayConsole",
        ]))
    }
}
