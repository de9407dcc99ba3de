// swift-tools-version: 6.2
import PackageDescription

// Huirong 惠融: one package, many small servers. docs/architecture.md explains the layers that the target
// dependencies below enforce; Tests/Architecture fails when an import crosses them.

let testsOnly = Context.environment["HUIRONG_TESTS"]?.split(separator: ",").map(String.init)

/// Tests reach internal declarations in release builds too (docs/adr/0003); `HUIRONG_TESTABLE=0`, as the containers
/// build, leaves that out.
let testable: [SwiftSetting] = Context.environment["HUIRONG_TESTABLE"] == "0" ? [] : [.unsafeFlags(["-enable-testing"])]

let strict: [SwiftSetting] =
  testable + [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]

/// Generated sources import publicly what they expose and are not held to the project's own upcoming-feature flags.
let generated: [SwiftSetting] = [.swiftLanguageMode(.v6)]

func product(_ name: String, _ package: String) -> Target.Dependency { .product(name: name, package: package) }

let protobuf = product("SwiftProtobuf", "swift-protobuf")
let grpcCore = product("GRPCCore", "grpc-swift-2")
let grpcProtobuf = product("GRPCProtobuf", "grpc-swift-protobuf")
let grpcHTTP2 = product("GRPCNIOTransportHTTP2", "grpc-swift-nio-transport")
let nioCore = product("NIOCore", "swift-nio")
let nioPosix = product("NIOPosix", "swift-nio")
let nioSSL = product("NIOSSL", "swift-nio-ssl")
let nioEmbedded = product("NIOEmbedded", "swift-nio")
let crypto = product("Crypto", "swift-crypto")
let logging = product("Logging", "swift-log")
let lifecycle = product("ServiceLifecycle", "swift-service-lifecycle")
let arguments = product("ArgumentParser", "swift-argument-parser")
let hummingbird = product("Hummingbird", "hummingbird")
let synchronization = product("Atomics", "swift-atomics")

func shared(
  _ name: String, path: String? = nil, _ dependencies: [Target.Dependency] = [],
  resources: [Resource]? = nil, exclude: [String] = [], settings: [SwiftSetting] = strict
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path ?? "Shared/\(name)", exclude: exclude, resources: resources,
    swiftSettings: settings)
}

/// The generated code of one service's protobuf package; `Protos` exports them all.
func protos(_ name: String) -> Target {
  let common: [Target.Dependency] = name == "Common" ? [] : ["CommonProtos"]
  return shared(
    "\(name)Protos", path: "Shared/Protos/\(name)",
    ["WireProtos", "PlainRPC", protobuf, grpcCore, grpcProtobuf] + common, settings: generated)
}

/// The four targets of one service: `Main → API → Domain ← Store ← Main`. Domain sees the vocabulary and the policy
/// packs and nothing else; only Main knows both API and Store.
func service(
  _ name: String, executable: String, clients: [Target.Dependency] = [], main: [Target.Dependency] = []
) -> [Target] {
  let root = "Services/\(name)"
  return [
    .target(name: "\(name)Domain", dependencies: ["Kernel", "Policy"], path: "\(root)/Domain", swiftSettings: strict),
    .target(
      name: "\(name)Store", dependencies: ["Kernel", "Policy", "Storage", crypto, .target(name: "\(name)Domain")],
      path: "\(root)/Store", swiftSettings: strict),
    .target(
      name: "\(name)API",
      dependencies: [
        "Kernel", "Policy", "Protos", "WireProtos", "PlainRPC", "RPCEdge", "Observability", grpcCore, protobuf, logging,
        .target(name: "\(name)Domain"),
      ] + clients,
      path: "\(root)/API", swiftSettings: strict),
    .executableTarget(
      name: executable,
      dependencies: [
        "Kernel", "Policy", "Storage", "ServiceHost", "RPCEdge", "PlainRPC", "Protos", "Observability", grpcCore,
        logging,
        lifecycle, arguments, .target(name: "\(name)Domain"), .target(name: "\(name)Store"),
        .target(name: "\(name)API"),
      ] + main,
      path: "\(root)/Main", swiftSettings: strict),
  ]
}

/// What an API target of any service stands on.
let edge: [Target.Dependency] = [
  "Kernel", "Policy", "Protos", "WireProtos", "PlainRPC", "RPCEdge", "Observability", grpcCore, protobuf, logging,
]

/// Two more services in the evaluation process: decision analysis, and enterprise ratings. They compute in floating point,
/// which the rest of the suite's domain code may not.
let analysisTargets: [Target] = [
  .target(
    name: "EvaluationAnalysis", dependencies: ["Kernel"], path: "Services/Evaluation/Analysis", swiftSettings: strict),
  .target(
    name: "EvaluationAnalysisAPI", dependencies: edge + ["EvaluationAnalysis", "EvaluationDomain"],
    path: "Services/Evaluation/AnalysisAPI", swiftSettings: strict),
  .target(
    name: "EvaluationRatings", dependencies: ["Kernel"], path: "Services/Evaluation/Ratings", swiftSettings: strict),
  .target(
    name: "EvaluationRatingsStore", dependencies: ["Kernel", "Storage", "EvaluationRatings"],
    path: "Services/Evaluation/RatingsStore", swiftSettings: strict),
  .target(
    name: "EvaluationRatingsAPI", dependencies: edge + ["EvaluationRatings"],
    path: "Services/Evaluation/RatingsAPI", swiftSettings: strict),
]

/// Tests are compiled without optimisation in release builds too: their time is spent in what they test, and a clean build
/// is minutes shorter.
let forTests: [SwiftSetting] = strict + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

/// `HUIRONG_TESTS=Kernel,Storage swift test` builds only the named suites: a shorter loop while one part is worked on.
func tests(
  _ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil, exclude: [String] = []
) -> [Target] {
  if let testsOnly, !testsOnly.contains(name) { return [] }
  return [
    .testTarget(
      name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)", exclude: exclude, resources: resources,
      swiftSettings: forTests)
  ]
}

let sharedTargets: [Target] = [
  shared("Kernel"),
  shared("Policy", ["Kernel", product("Yams", "Yams")], exclude: ["Packs"]),
  shared("WireProtos", path: "Shared/Protos/Wire", [protobuf], settings: generated),
  shared("PlainRPC", ["WireProtos", protobuf, grpcCore, nioCore, nioPosix, nioSSL, logging, synchronization]),
  protos("Common"),
  protos("Demand"),
  protos("Catalog"),
  protos("Fund"),
  protos("Evaluation"),
  shared(
    "Protos", path: "Shared/Protos/Huirong",
    ["PlainRPC", "CommonProtos", "DemandProtos", "CatalogProtos", "FundProtos", "EvaluationProtos"],
    settings: generated),
  shared("Observability", ["Kernel", logging, synchronization]),
  .target(name: "SQLiteSetup", dependencies: [product("GRDBSQLite", "GRDB.swift")], path: "Shared/SQLiteSetup"),
  shared(
    "Storage",
    [
      "Kernel", "SQLiteSetup", product("GRDB", "GRDB.swift"), product("GRDBSQLite", "GRDB.swift"), crypto, logging,
      synchronization,
    ]),
  shared(
    "RPCEdge",
    [
      "Kernel", "Protos", "WireProtos", "PlainRPC", "Observability", protobuf, grpcCore, grpcProtobuf, grpcHTTP2,
      crypto,
      logging, lifecycle, product("Yams", "Yams"),
    ]),
  shared(
    "ServiceHost",
    [
      "Kernel", "Policy", "Storage", "RPCEdge", "PlainRPC", "Protos", "Observability", grpcCore, logging, lifecycle,
      product("UnixSignals", "swift-service-lifecycle"), product("Yams", "Yams"), product("NIOHTTP1", "swift-nio"),
      nioCore, nioPosix, nioSSL, crypto, synchronization,
    ]),
  .executableTarget(
    name: "protoc-gen-plainrpc", dependencies: [product("SwiftProtobufPluginLibrary", "swift-protobuf"), protobuf],
    path: "Shared/PlainRPCGenerator", swiftSettings: strict),
]

let gatewayTargets: [Target] = [
  .target(
    name: "GatewayJourney",
    dependencies: [
      "Kernel", "Protos", "WireProtos", "PlainRPC", "Observability", grpcCore, protobuf, logging, lifecycle, crypto,
    ],
    path: "Services/Gateway/Journey", swiftSettings: strict),
  .target(
    name: "GatewayConsole", dependencies: ["Kernel", "Protos", "PlainRPC", protobuf], path: "Services/Gateway/Console",
    swiftSettings: strict),
  .target(
    name: "GatewayHTTP",
    dependencies: [
      "Kernel", "Protos", "WireProtos", "PlainRPC", "RPCEdge", "Observability", "GatewayJourney", "GatewayConsole",
      grpcCore,
      protobuf, hummingbird, logging, nioCore,
    ],
    path: "Services/Gateway/HTTP", swiftSettings: strict),
  .executableTarget(
    name: "huirong-gateway",
    dependencies: [
      "Kernel", "ServiceHost", "PlainRPC", "Protos", "RPCEdge", "Observability", "GatewayHTTP", "GatewayJourney",
      "GatewayConsole", grpcCore, hummingbird, logging, lifecycle, arguments,
    ],
    path: "Services/Gateway/Main", swiftSettings: strict),
  .target(name: "SuiteRunner", dependencies: ["Kernel"], path: "Services/Ctl/Suite", swiftSettings: strict),
  .executableTarget(
    name: "huirongctl",
    dependencies: [
      "Kernel", "Protos", "WireProtos", "PlainRPC", "RPCEdge", "SuiteRunner", "EvaluationRatings",
      "EvaluationRatingsAPI", grpcCore, protobuf, arguments, logging,
      nioCore,
      nioPosix, crypto, product("AsyncHTTPClient", "async-http-client"), product("NIOHTTP1", "swift-nio"),
      product("Yams", "Yams"),
    ],
    path: "Services/Ctl", exclude: ["Suite"], swiftSettings: strict),
]

let storageTools: [Target] = [
  .executableTarget(
    name: "huirong-storage-writer", dependencies: ["Storage", "Kernel", logging], path: "Tests/Storage/powercut/Writer",
    swiftSettings: strict),
  .executableTarget(
    name: "huirong-storage-bench", dependencies: ["Storage", "Kernel", logging], path: "Tests/Benchmarks/Storage",
    swiftSettings: strict),
]

/// Matching and searching without a wire, beside other engines.
let catalogBench: [Target] = [
  .executableTarget(
    name: "huirong-catalog-bench", dependencies: ["CatalogDomain", "Kernel"], path: "Tests/Benchmarks/Catalog",
    swiftSettings: strict)
]

/// A run recomputed in process, without a store or a wire.
let evaluationBench: [Target] = [
  .executableTarget(
    name: "huirong-evaluation-bench", dependencies: ["EvaluationDomain", "Kernel", crypto],
    path: "Tests/Benchmarks/Evaluation", swiftSettings: strict)
]

/// Many who follow one service's log.
let demandBench: [Target] = [
  .executableTarget(
    name: "huirong-demand-bench", dependencies: ["PlainRPC", "Protos", grpcCore, protobuf],
    path: "Tests/Benchmarks/Demand", swiftSettings: strict)
]

/// The echo service with which the wires are tested and measured.
let echoTargets: [Target] = [
  .target(
    name: "EchoProtos", dependencies: ["PlainRPC", protobuf, grpcCore, grpcProtobuf], path: "Tests/Echo",
    exclude: ["proto"], swiftSettings: generated),
  .executableTarget(
    name: "huirong-bench", dependencies: ["EchoProtos", "PlainRPC", grpcCore, grpcHTTP2, logging, nioCore],
    path: "Tests/Benchmarks/Swift", swiftSettings: strict),
]

/// Other programs, run by tests.
let testSupport: [Target] = [
  .target(
    name: "TestProgram",
    dependencies: [product("Subprocess", "swift-subprocess"), product("SystemPackage", "swift-system")],
    path: "Tests/Program", swiftSettings: strict)
]

let testTargets: [Target] = [
  tests("Architecture", []),
  tests("Kernel", ["Kernel"]),
  tests("Policy", ["Policy", "Kernel"]),
  tests(
    "PlainRPC",
    ["PlainRPC", "EchoProtos", "WireProtos", protobuf, grpcCore, nioCore, nioPosix, nioEmbedded, nioSSL, logging]),
  tests("Storage", ["Storage", "Kernel", "TestProgram", logging], exclude: ["powercut"]),
  tests("Observability", ["Observability", "Kernel", logging]),
  tests(
    "RPCEdge",
    [
      "RPCEdge", "PlainRPC", "Protos", "WireProtos", "Kernel", "Observability", grpcCore, grpcProtobuf, grpcHTTP2,
      protobuf, crypto, nioCore, logging,
    ]),
  tests(
    "ServiceHost",
    ["ServiceHost", "RPCEdge", "Storage", "Kernel", "Policy", "Observability", "TestProgram", grpcCore, logging]),
  tests(
    "Demand",
    [
      "DemandDomain", "DemandStore", "DemandAPI", "Storage", "Policy", "Kernel", "RPCEdge", "Protos", "WireProtos",
      "PlainRPC", "Observability", grpcCore, protobuf, logging,
    ],
    exclude: [
      "FiftyBanks", "HardThenFunded", "JointCredit", "QinghaiAdviserYear", "SecondLook", "YantaiFirstLoan",
      "ZiboGridDemand",
    ].map { "Scenarios/\($0)/README.md" }),
  tests(
    "Catalog",
    [
      "CatalogDomain", "CatalogStore", "CatalogAPI", "Storage", "Policy", "Kernel", "Protos", "TestProgram", protobuf,
      logging,
    ]),
  tests(
    "Fund",
    [
      "FundDomain", "FundStore", "FundAPI", "Storage", "Policy", "Kernel", "Protos", "TestProgram", grpcCore, protobuf,
      crypto,
    ],
    exclude: [
      "zibo-2020", "yantai-2023", "batch-guarantees", "bridge-parameter-sets", "luke-loan", "dongping-listing",
      "reconciliation",
    ].map { "Scenarios/\($0)/README.md" }),
  tests(
    "Evaluation",
    [
      "EvaluationDomain", "EvaluationStore", "EvaluationAPI", "Storage", "Policy", "Kernel", "Protos", "PlainRPC",
      "RPCEdge",
      "Observability", grpcCore, protobuf, logging, crypto,
    ], exclude: ["oracle"]),
  tests(
    "EvaluationAnalysis", ["EvaluationAnalysis", "EvaluationAnalysisAPI", "EvaluationDomain", "Kernel", "Protos"]),
  tests(
    "EvaluationRatings",
    [
      "EvaluationRatings", "EvaluationRatingsStore", "EvaluationRatingsAPI", "Storage", "Kernel", "Protos",
      "TestProgram", protobuf, logging,
    ]
  ),
  tests("Gateway", ["GatewayJourney", "GatewayHTTP", "GatewayConsole", "Protos", "PlainRPC", "Kernel", protobuf]),
].flatMap(\.self)

let package = Package(
  name: "huirong",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "huirong-demand", targets: ["huirong-demand"]),
    .executable(name: "huirong-catalog", targets: ["huirong-catalog"]),
    .executable(name: "huirong-fund", targets: ["huirong-fund"]),
    .executable(name: "huirong-evaluation", targets: ["huirong-evaluation"]),
    .executable(name: "huirong-gateway", targets: ["huirong-gateway"]),
    .executable(name: "huirongctl", targets: ["huirongctl"]),
    .executable(name: "huirong-bench", targets: ["huirong-bench"]),
    .executable(name: "huirong-storage-bench", targets: ["huirong-storage-bench"]),
    .executable(name: "huirong-catalog-bench", targets: ["huirong-catalog-bench"]),
    .executable(name: "huirong-demand-bench", targets: ["huirong-demand-bench"]),
    .executable(name: "huirong-evaluation-bench", targets: ["huirong-evaluation-bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-protobuf.git", from: "1.39.0"),
    .package(url: "https://github.com/grpc/grpc-swift-2.git", from: "2.4.3"),
    .package(url: "https://github.com/grpc/grpc-swift-protobuf.git", from: "2.4.1"),
    .package(url: "https://github.com/grpc/grpc-swift-nio-transport.git", from: "2.9.2"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-atomics.git", from: "1.3.0"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
    .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.2"),
    .package(url: "https://github.com/apple/swift-system.git", from: "1.8.1"),
  ],
  targets: sharedTargets
    + service("Demand", executable: "huirong-demand")
    + service("Catalog", executable: "huirong-catalog")
    + service("Fund", executable: "huirong-fund")
    + service(
      "Evaluation", executable: "huirong-evaluation",
      main: ["EvaluationAnalysisAPI", "EvaluationRatings", "EvaluationRatingsStore", "EvaluationRatingsAPI"])
    + analysisTargets
    + gatewayTargets
    + storageTools + catalogBench + evaluationBench + demandBench
    + echoTargets + testSupport + testTargets
)
