import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// `protoc-gen-plainrpc`: for every proto file that has services or idempotent requests, one `….plain.swift` beside the
/// output of `protoc-gen-swift` and `protoc-gen-grpc-swift-2`, whose types it uses.
@main
struct GeneratePlainRPC: CodeGenerator {
  var version: String? { "1" }

  var supportedFeatures: [Google_Protobuf_Compiler_CodeGeneratorResponse.Feature] { [.proto3Optional] }

  func generate(
    files: [FileDescriptor], parameter: any CodeGeneratorParameter, protoCompilerContext: any ProtoCompilerContext,
    generatorOutputs: any GeneratorOutputs
  ) throws {
    let options = try GeneratorOptions(pairs: parameter.parsedPairs)
    for file in files {
      let generator = FileGenerator(file: file, options: options)
      guard let contents = generator.contents() else { continue }
      try generatorOutputs.add(fileName: outputName(of: file.name), contents: contents)
    }
  }

  /// `huirong/fund/v1/fund.proto` becomes `huirong_fund_v1_fund.plain.swift`, as `FileNaming=PathToUnderscores` names the
  /// files of the other two plugins.
  private func outputName(of path: String) -> String {
    let stem = path.hasSuffix(".proto") ? String(path.dropLast(".proto".count)) : path
    return stem.split(separator: "/").joined(separator: "_") + ".plain.swift"
  }
}
