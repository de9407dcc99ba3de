import EvaluationAPI
import EvaluationAnalysisAPI
import EvaluationRatingsAPI
import EvaluationRatingsStore
import EvaluationStore
import Policy
import Protos
import RPCEdge
import ServiceHost

await ServiceHost.run(
  ServiceDefinition(
    name: "evaluation",
    summary: "Evaluation and ranking: indicators, facts, schemes as data, runs anyone can recompute.",
    ports: .evaluation, migrations: EvaluationMigrations.all(with: RatingMigrations.all),
    methods: Huirong_Evaluation_V1_EvaluationService.Method.descriptors
      + Huirong_Evaluation_V1_AnalysisService.Method.descriptors
      + Huirong_Evaluation_V1_RatingService.Method.descriptors,
    access: EvaluationAccess.table.merging(AnalysisAccess.table).merging(RatingAccess.table),
    peers: [.demand, .fund], keys: [ExportKey.key]
  ) { context in
    let store = EvaluationStore(try context.store, policyDigest: context.policy.digest)
    let demand = FeedFollower(
      log: DemandFeed(try context.client(of: .demand)), ledger: store, clock: context.clock, logger: context.logger)
    let fund = FeedFollower(
      log: FundFeed(try context.client(of: .fund)), ledger: store, clock: context.clock, logger: context.logger)
    let service = EvaluationService(
      edge: context.edge, commands: store, queries: store, feeds: FeedFollowers([demand, fund]),
      signer: try ExportKey.load(context.configuration))
    let analysis = AnalysisService(edge: context.edge, queries: store)
    let ratingStore = RatingStore(try context.store)
    let ratings = RatingService(edge: context.edge, commands: ratingStore, queries: ratingStore)
    return BuiltService(
      plain: Huirong_Evaluation_V1_EvaluationService.plainMethods(service)
        + Huirong_Evaluation_V1_AnalysisService.plainMethods(analysis)
        + Huirong_Evaluation_V1_RatingService.plainMethods(ratings),
      grpc: [service, analysis, ratings],
      background: [
        BackgroundTask("follow demand") { try await demand.run() },
        BackgroundTask("follow fund") { try await fund.run() },
      ])
  }
)
