internal import GRPCCore
internal import Logging
internal import PlainRPC
internal import ServiceLifecycle

struct PeerClients { 
  let byPeer: [Peer: PlainClient] = [:]
  init(_ definition: ServiceDefinition, _ configuration: Configuration, credentials: Metadata, logger: Logger) throws {}
  func close() async {}
}
struct PeerService: Service { let clients: PeerClients; func run() async throws {} }
