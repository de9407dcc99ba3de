import DemandAPI
import DemandStore
import Protos
import ServiceHost

await ServiceHost.run(
  ServiceDefinition(
    name: "demand",
    summary: "Demand intake: enterprises, financing demands, their assessment, push, claim and close-out.",
    ports: .demand, migrations: DemandMigrations.all,
    methods: Huirong_Demand_V1_DemandService.Method.descriptors, access: DemandAccess.table, keys: [LegacyCodes.key]
  ) { context in
    let service = DemandService(
      edge: context.edge, repository: DemandStore(try context.store, policy: context.policy),
      legacyCodes: try LegacyCodes.load(context.configuration))
    return BuiltService(plain: Huirong_Demand_V1_DemandService.plainMethods(service), grpc: [service])
  }
)
