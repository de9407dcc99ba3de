import SwiftProtobufPluginLibrary

/// Writes the method table, the descriptors and the typed client of one service.
struct ServiceGenerator {
  let service: ServiceDescriptor
  /// Prefix of the file's types, `Huirong_Fund_V1_`.
  let prefix: String
  let namer: SwiftProtobufNamer
  /// `public `, `package ` or nothing.
  let access: String

  func print(to printer: inout CodePrinter) {
    printer.print("\n// MARK: - \(service.fullName)\n")
    printer.print("extension \(typeName) {")
    printer.withIndentation {
      printDescriptors(&$0)
      printTable(&$0)
      printClient(&$0)
    }
    printer.print("}")
  }

  private var typeName: String { prefix + service.name }

  private func printDescriptors(_ printer: inout CodePrinter) {
    printer.print("/// What callers by name, the gateway's JSON and `huirongctl` know of each method.")
    printer.print("\(access)enum PlainDescriptor {")
    printer.withIndentation {
      for method in service.methods {
        $0.print(
          "\(access)static let \(escaped(method)) = PlainRPC.PlainMethodDescriptor(",
          "  fullName: \"\(service.fullName)/\(method.name)\", kind: .\(kind(method)),",
          "  requestType: \(input(method)).self, responseType: \(output(method)).self)")
      }
      $0.print()
      let names = service.methods.map(escaped).joined(separator: ", ")
      $0.print("\(access)static let all: [PlainRPC.PlainMethodDescriptor] = [\(names)]")
    }
    printer.print("}", "")
  }

  private func printTable(_ printer: inout CodePrinter) {
    printer.print(
      "/// The service's methods as PlainRPC dispatches them.",
      "\(access)static func plainMethods(_ service: some \(typeName).ServiceProtocol) -> [PlainRPC.PlainMethod] {",
      "  [")
    for method in service.methods {
      let name = functionName(method)
      printer.print(
        "    .\(kind(method))(PlainDescriptor.\(escaped(method))) { request, context in",
        "      try await service.\(name)(request: request, context: context)",
        "    },")
    }
    printer.print("  ]", "}", "")
  }

  private func printClient(_ printer: inout CodePrinter) {
    printer.print(
      "/// Typed calls over PlainRPC.",
      "\(access)struct PlainClient: Swift.Sendable {",
      "  \(access)let client: PlainRPC.PlainClient",
      "",
      "  \(access)init(_ client: PlainRPC.PlainClient) { self.client = client }")
    for method in service.methods {
      printer.print()
      printer.withIndentation { printCall(method, &$0) }
    }
    printer.print("}")
  }

  private func printCall(_ method: MethodDescriptor, _ printer: inout CodePrinter) {
    let documentation = method.protoSourceComments()
    if !documentation.isEmpty { printer.print(documentation, newlines: false) }
    let (name, request, response) = (functionName(method), input(method), output(method))
    let options = "options: PlainRPC.PlainCallOptions = .default"
    let descriptor = "PlainDescriptor.\(escaped(method))"
    switch kind(method) {
    case "unary":
      printer.print(
        "\(access)func \(name)(_ request: \(request), \(options)) async throws -> \(response) {",
        "  try await client.unary(\(descriptor), request, options: options)", "}")
    case "serverStreaming":
      printer.print(
        "\(access)func \(name)(_ request: \(request), \(options)) async throws -> PlainRPC.PlainStream<\(response)> {",
        "  try await client.serverStreaming(\(descriptor), request, options: options)", "}")
    case "clientStreaming":
      printer.print(
        "\(access)func \(name)(\(options)) async throws -> PlainRPC.PlainUpload<\(request), \(response)> {",
        "  try await client.clientStreaming(\(descriptor), options: options)", "}")
    default:
      printer.print(
        "\(access)func \(name)(\(options)) async throws -> PlainRPC.PlainDuplex<\(request), \(response)> {",
        "  try await client.bidirectionalStreaming(\(descriptor), options: options)", "}")
    }
  }

  private func input(_ method: MethodDescriptor) -> String { namer.fullName(message: method.inputType) }
  private func output(_ method: MethodDescriptor) -> String { namer.fullName(message: method.outputType) }

  private func kind(_ method: MethodDescriptor) -> String {
    switch (method.clientStreaming, method.serverStreaming) {
    case (false, false): "unary"
    case (false, true): "serverStreaming"
    case (true, false): "clientStreaming"
    case (true, true): "bidirectionalStreaming"
    }
  }

  private func escaped(_ method: MethodDescriptor) -> String { "`\(functionName(method))`" }

  /// The Swift name of a method exactly as protoc-gen-grpc-swift-2 forms it: leading abbreviations become lower case
  /// up to the capital that begins the next word.
  private func functionName(_ method: MethodDescriptor) -> String {
    let name = method.name
    guard let lower = name.firstIndex(where: \.isLowercase) else { return name.lowercased() }
    if lower == name.startIndex { return name }
    let boundary = lower == name.index(after: name.startIndex) ? lower : name.index(before: lower)
    return name[..<boundary].lowercased() + name[boundary...]
  }
}
