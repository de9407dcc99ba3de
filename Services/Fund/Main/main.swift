import FundAPI
import FundDomain
import FundStore
import Protos
import ServiceHost

await ServiceHost.run(
  ServiceDefinition(
    name: "fund", summary: "Public money on an exact ledger: guarantees, claims, bridge loans, guarantee books.",
    ports: .fund, migrations: FundMigrations.all, chains: FundChains.all,
    methods: Huirong_Fund_V1_FundService.Method.descriptors, access: FundAccess.table
  ) { context in
    let repository = SQLFundRepository(try context.store, rules: FundRules(policy: context.policy))
    let service = FundService(edge: context.edge, repository: repository)
    return BuiltService(plain: Huirong_Fund_V1_FundService.plainMethods(service), grpc: [service])
  }
)
