import SwiftProtobufPluginLibrary

/// What `--plainrpc_out=KEY=VALUE,…:DIR` may say.
struct GeneratorOptions {
  /// `Visibility=Public|Package|Internal`: access of everything generated; Internal unless given.
  private(set) var visibility = "internal"
  /// `ProtoPathModuleMappings=FILE`: which Swift module holds the messages of which proto file, in the format of
  /// protoc-gen-swift.
  private(set) var modules = ProtoFileToModuleMappings()

  enum Problem: Error, CustomStringConvertible {
    case unknownOption(String)
    case badVisibility(String)
    case badModuleMappings(String)

    var description: String {
      switch self {
      case .unknownOption(let name):
        "unknown option \"\(name)\"; known are Visibility and ProtoPathModuleMappings"
      case .badVisibility(let value): "Visibility must be Public, Package or Internal, not \"\(value)\""
      case .badModuleMappings(let detail): "ProtoPathModuleMappings: \(detail)"
      }
    }
  }

  init(pairs: [(key: String, value: String)]) throws(Problem) {
    for (key, value) in pairs {
      switch key {
      case "Visibility":
        guard ["Public", "Package", "Internal"].contains(value) else { throw .badVisibility(value) }
        visibility = value.lowercased()
      case "ProtoPathModuleMappings":
        do { modules = try ProtoFileToModuleMappings(path: value) } catch { throw .badModuleMappings("\(error)") }
      default: throw .unknownOption(key)
      }
    }
  }
}
