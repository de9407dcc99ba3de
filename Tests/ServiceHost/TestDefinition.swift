import GRPCCore
import RPCEdge
import Storage

@testable import ServiceHost

/// A service of no methods: what a process is without what it does.
enum TestDefinition {
  static func make(
    migrations: [Migration]? = [], keys: [ConfigurationKey] = [], peers: [Peer] = [], background: [BackgroundTask] = [],
    methods: [MethodDescriptor] = []
  ) -> ServiceDefinition {
    ServiceDefinition(
      name: "test", summary: "A service for tests.", ports: DefaultPorts(plain: 7199, grpc: 7299, admin: 7399),
      migrations: migrations, methods: methods, access: AccessTable(service: "test.v1.TestService", [:]), peers: peers,
      keys: keys
    ) { _ in BuiltService(background: background) }
  }
}
