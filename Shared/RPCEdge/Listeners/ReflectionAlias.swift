package import GRPCCore
internal import GRPCProtobuf
internal import Protos

/// Reflection under its older name: `v1alpha` differs from `v1` in nothing but the package.
package struct ReflectionAlias: RegistrableRPCService {
  private static let method = MethodDescriptor(
    fullyQualifiedService: "grpc.reflection.v1alpha.ServerReflection", method: "ServerReflectionInfo",
    type: .bidirectionalStreaming)

  private let reflection: ReflectionService

  package init(of reflection: ReflectionService) { self.reflection = reflection }

  package func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    router.registerHandler(
      forMethod: Self.method,
      deserializer: ProtobufDeserializer<Grpc_Reflection_V1_ServerReflectionRequest>(),
      serializer: ProtobufSerializer<Grpc_Reflection_V1_ServerReflectionResponse>()
    ) { [reflection] request, context in
      try await reflection.serverReflectionInfo(request: request, context: context)
    }
  }
}
