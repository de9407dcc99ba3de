import FundAPI
import FundDomain
import FundStore
import Protos
import ServiceHost

await ServiceHost.run(
  ServiceDefinition(
    name: "fund", summary: "Public money on an exact ledger: guarantees, claims, bridge loans, guarantee books.",
    ports: .fund, migrations: FundMigrations.all, chains: FundChains.all,
    methods: Huirong_Fund_V1_FundService.Method.descriptors
      + Huirong_Fund_V1_CompensationService.Method.descriptors + Huirong_Fund_V1_SubsidyService.Method.descriptors
      + Huirong_Fund_V1_RenewalService.Method.descriptors + Huirong_Fund_V1_ReconciliationService.Method.descriptors,
    access: FundAccess.all
  ) { context in
    let repository = SQLFundRepository(try context.store, rules: FundRules(policy: context.policy))
    let service = FundService(edge: context.edge, repository: repository)
    let compensation = CompensationService(edge: context.edge, repository: repository)
    let subsidy = SubsidyService(edge: context.edge, repository: repository)
    let renewal = RenewalService(edge: context.edge, repository: repository)
    let reconciliation = ReconciliationService(edge: context.edge, repository: repository)
    return BuiltService(
      plain: service.plainMethods
        + Huirong_Fund_V1_CompensationService.plainMethods(compensation)
        + Huirong_Fund_V1_SubsidyService.plainMethods(subsidy)
        + Huirong_Fund_V1_RenewalService.plainMethods(renewal)
        + Huirong_Fund_V1_ReconciliationService.plainMethods(reconciliation),
      grpc: [service, compensation, subsidy, renewal, reconciliation])
  }
)
