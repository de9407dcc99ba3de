package import PlainRPC
package import Protos

/// A journey as the services hold it at one moment; nothing of it is kept by the gateway.
package struct Journey: Sendable {
  package var demand: Huirong_Demand_V1_Demand
  package var guarantees: [Huirong_Fund_V1_Guarantee]
  /// Steps that the gateway has still to take: not empty only while a service is away or refuses.
  package var pending: [JourneyStep]
  /// Why the first pending step could not be taken.
  package var problem: PlainStatus?

  /// `01J…`: the demand's id.
  package var id: String { String(demand.name.drop { $0 != "/" }.dropFirst()) }
}
