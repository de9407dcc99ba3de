import EvaluationAPI
import EvaluationStore
import Policy
import Protos
import ServiceHost

await ServiceHost.run(
  ServiceDefinition(
    name: "evaluation",
    summary: "Evaluation and ranking: indicators, facts, schemes as data, runs anyone can recompute.",
    ports: .evaluation, migrations: EvaluationMigrations.all,
    methods: Huirong_Evaluation_V1_EvaluationService.Method.descriptors, access: EvaluationAccess.table,
    peers: [.demand, .fund]
  ) { context in
    let store = EvaluationStore(try context.store, policyDigest: context.policy.digest)
    let demand = FeedFollower(
      log: DemandFeed(try context.client(of: .demand)), ledger: store, clock: context.clock, logger: context.logger)
    let fund = FeedFollower(
      log: FundFeed(try context.client(of: .fund)), ledger: store, clock: context.clock, logger: context.logger)
    let service = EvaluationService(
      edge: context.edge, commands: store, queries: store, feeds: FeedFollowers([demand, fund]))
    return BuiltService(
      plain: Huirong_Evaluation_V1_EvaluationService.plainMethods(service), grpc: [service],
      background: [
        BackgroundTask("follow demand") { try await demand.run() },
        BackgroundTask("follow fund") { try await fund.run() },
      ])
  }
)
