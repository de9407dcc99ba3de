internal import Foundation
internal import Protos
internal import SwiftProtobuf

/// The suite's schema by file and by symbol, for reflection.
struct SchemaIndex: Sendable {
  private let files: [String: Google_Protobuf_FileDescriptorProto]
  private let fileOfSymbol: [String: String]

  /// - Parameter descriptors: a serialised `google.protobuf.FileDescriptorSet` with imports.
  init(descriptors: Data) throws {
    let set = try Google_Protobuf_FileDescriptorSet(serializedBytes: descriptors)
    files = Dictionary(set.file.map { ($0.name, $0) }) { first, _ in first }
    var symbols: [String: String] = [:]
    for file in set.file {
      let prefix = file.package.isEmpty ? "" : file.package + "."
      for message in file.messageType { Self.add(message, prefix, file.name, &symbols) }
      for enumeration in file.enumType { symbols[prefix + enumeration.name] = file.name }
      for service in file.service {
        symbols[prefix + service.name] = file.name
        for method in service.method { symbols["\(prefix)\(service.name).\(method.name)"] = file.name }
      }
    }
    fileOfSymbol = symbols
  }

  /// The schema that the build carries.
  static func bundled() throws -> SchemaIndex {
    try SchemaIndex(descriptors: Data(base64Encoded: HuirongDescriptors.base64) ?? Data())
  }

  private static func add(
    _ message: Google_Protobuf_DescriptorProto, _ prefix: String, _ file: String, _ symbols: inout [String: String]
  ) {
    let name = prefix + message.name
    symbols[name] = file
    for nested in message.nestedType { add(nested, name + ".", file, &symbols) }
    for enumeration in message.enumType { symbols["\(name).\(enumeration.name)"] = file }
  }

  /// The file that declares a symbol, then everything it imports; `nil` for an unknown symbol.
  func files(declaring symbol: String) -> [Data]? {
    fileOfSymbol[symbol].flatMap(files(named:))
  }

  /// The file, then everything it imports; `nil` for an unknown file.
  func files(named name: String) -> [Data]? {
    guard files[name] != nil else { return nil }
    var order: [String] = []
    var pending = [name]
    while let next = pending.popLast() {
      guard !order.contains(next), let file = files[next] else { continue }
      order.append(next)
      pending += file.dependency
    }
    return order.compactMap { try? files[$0]?.serializedData() }
  }

  func declares(message symbol: String) -> Bool { fileOfSymbol[symbol] != nil }
}
