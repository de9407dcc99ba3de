import DemandAPI
import DemandStore
import Protos
import RPCEdge
import ServiceHost

await ServiceHost.run(
  ServiceDefinition(
    name: "demand",
    summary: "Demand intake: enterprises, financing demands, their assessment, push, claim and close-out.",
    ports: .demand, migrations: DemandMigrations.all,
    methods: Huirong_Demand_V1_DemandService.Method.descriptors + Huirong_Demand_V1_OutreachService.Method.descriptors,
    access: DemandAccess.table.merging(DemandAccess.outreach), peers: [.catalog, .evaluation], keys: [LegacyCodes.key]
  ) { context in
    let store = DemandStore(try context.store, policy: context.policy)
    let legacyCodes = try LegacyCodes.load(context.configuration)
    let service = DemandService(
      edge: context.edge, repository: store, legacyCodes: legacyCodes,
      policy: context.policy, products: CatalogProducts(try context.client(of: .catalog)))
    let outreach = OutreachService(edge: context.edge, repository: store, legacyCodes: legacyCodes)
    let grades = GradeFollower(
      log: RatingGrades(try context.client(of: .evaluation)), ledger: store, clock: context.clock,
      logger: context.logger)
    let clocks = ClockKeeper(ledger: store, clock: context.clock, logger: context.logger)
    return BuiltService(
      plain: Huirong_Demand_V1_DemandService.plainMethods(service)
        + Huirong_Demand_V1_OutreachService.plainMethods(outreach), grpc: [service, outreach],
      background: [
        BackgroundTask("follow ratings") { try await grades.run() },
        BackgroundTask("record missed deadlines") { try await clocks.run() },
      ])
  }
)
