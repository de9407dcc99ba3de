import Foundation
import GRPCCore
import PlainRPC
import Protos
import SwiftProtobuf

// huirong-demand-bench PORT WATCHERS AFTER EVENTS: many follow the event log of one demand service.
// Prints "ready" once every stream is open, and one line of JSON when each watcher has received its events, in order and
// none twice.

let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
guard arguments.count == 4 else {
  FileHandle.standardError.write(Data("usage: huirong-demand-bench PORT WATCHERS AFTER EVENTS\n".utf8))
  exit(64)
}
let (port, watchers, after, events) = (arguments[0], arguments[1], Int64(arguments[2]), Int64(arguments[3]))
/// As many institutions' and bureaus' servers, each with some streams on one connection.
let connections = 20
let caller: Metadata = ["x-huirong-caller": "organisation=operator;role=operator;region=;subject=bench"]

struct WrongOrder: Error {
  let wanted: Int64
  let received: Int64
}

func watch(_ client: Huirong_Demand_V1_DemandService.PlainClient) async throws
  -> PlainStream<Huirong_Demand_V1_WatchDemandsResponse>
{
  try await client.watchDemands(
    .with { $0.afterSequence = after }, options: .timeout(.seconds(900), metadata: caller))
}

func follow(_ stream: PlainStream<Huirong_Demand_V1_WatchDemandsResponse>) async throws {
  var last = after
  for try await message in stream {
    guard message.header.sequence == last + 1 else {
      throw WrongOrder(wanted: last + 1, received: message.header.sequence)
    }
    last = message.header.sequence
    if last == after + events { return }
  }
  throw WrongOrder(wanted: last + 1, received: 0)
}

let clients = try (0..<connections).map { _ in
  Huirong_Demand_V1_DemandService.PlainClient(try PlainClient(host: "127.0.0.1", port: port))
}
var streams: [PlainStream<Huirong_Demand_V1_WatchDemandsResponse>] = []
for number in 0..<watchers { streams.append(try await watch(clients[number % connections])) }
FileHandle.standardOutput.write(Data("ready\n".utf8))
let begun = ContinuousClock.now
try await withThrowingTaskGroup(of: Void.self) { group in
  for stream in streams { group.addTask { try await follow(stream) } }
  try await group.waitForAll()
}
let duration = ContinuousClock.now - begun
let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
let deliveries = Double(watchers) * Double(events)
print("{\"rate\":\(deliveries / seconds),\"deliveries\":\(Int(deliveries)),\"seconds\":\(seconds)}")
