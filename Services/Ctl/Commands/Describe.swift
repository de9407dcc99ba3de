import ArgumentParser
import Foundation
import PlainRPC
import Protos
import RPCEdge
import SwiftProtobuf

struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a method's request and response, or a message or enum, field by field.")

  @Argument(help: "A method (DemandService/SubmitDemand) or a type (huirong.common.v1.Money).")
  var name: String

  func run() throws {
    let schema = try Schema()
    if let type = schema.type(named: name) {
      print(schema.text(of: type))
      return
    }
    let method = try MethodArgument.resolve(name)
    let request = method.requestType.protoMessageName
    let response = method.responseType.protoMessageName
    print("\(method.fullName)\n  kind: \(method.kind.rawValue)\n")
    for type in [request, response] {
      if let found = schema.type(named: type) { print(schema.text(of: found)) }
    }
  }
}

/// The suite's schema, from the descriptors that the binary carries for reflection.
struct Schema {
  enum Kind {
    case message(Google_Protobuf_DescriptorProto)
    case enumeration(Google_Protobuf_EnumDescriptorProto)
  }

  typealias Named = (name: String, kind: Kind)

  private var types: [String: Kind] = [:]

  init() throws {
    guard let bytes = Data(base64Encoded: HuirongDescriptors.base64) else {
      throw ValidationError("the descriptors of this build are damaged")
    }
    for file in try Google_Protobuf_FileDescriptorSet(serializedBytes: bytes).file {
      add(file.messageType, prefix: file.package)
      for enumeration in file.enumType { types["\(file.package).\(enumeration.name)"] = .enumeration(enumeration) }
    }
  }

  private mutating func add(_ messages: [Google_Protobuf_DescriptorProto], prefix: String) {
    for message in messages {
      let name = "\(prefix).\(message.name)"
      types[name] = .message(message)
      add(message.nestedType, prefix: name)
      for enumeration in message.enumType { types["\(name).\(enumeration.name)"] = .enumeration(enumeration) }
    }
  }

  /// By full name or by a suffix that only one type has.
  func type(named name: String) -> Named? {
    if let kind = types[name] { return (name, kind) }
    let candidates = types.keys.filter { $0.hasSuffix("." + name) }
    guard candidates.count == 1, let found = candidates.first, let kind = types[found] else { return nil }
    return (found, kind)
  }

  func text(of type: Named) -> String {
    switch type.kind {
    case .message(let message):
      let lines = message.field.map { field in
        let label = field.label == .repeated ? "repeated " : field.proto3Optional ? "optional " : ""
        return "  \(field.jsonName): \(label)\(typeName(field))  // \(field.number)"
      }
      return (["message \(type.name) {"] + lines + ["}"]).joined(separator: "\n")
    case .enumeration(let enumeration):
      let lines = enumeration.value.map { "  \($0.name) = \($0.number)" }
      return (["enum \(type.name) {"] + lines + ["}"]).joined(separator: "\n")
    }
  }

  private func typeName(_ field: Google_Protobuf_FieldDescriptorProto) -> String {
    if !field.typeName.isEmpty { return String(field.typeName.drop { $0 == "." }) }
    return String(describing: field.type)
  }
}
