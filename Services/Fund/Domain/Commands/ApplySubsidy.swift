package import Kernel
import Policy

/// The facts of an application, by the kind of the programme.
package enum SubsidyFacts: Sendable, Hashable {
  package struct Loan: Sendable, Hashable {
    package var principal: Money
    package var rate: Rate
    package var signedOn: BusinessDate
    package var from: BusinessDate
    package var repaidOn: BusinessDate?
    package var pledge: SubsidyPledge?
    package var isFirstPledge: Bool
    package var hasProvincialSubsidy: Bool

    package init(
      principal: Money, rate: Rate, signedOn: BusinessDate, from: BusinessDate, repaidOn: BusinessDate?,
      pledge: SubsidyPledge? = nil, isFirstPledge: Bool = false, hasProvincialSubsidy: Bool = false
    ) {
      self.principal = principal
      self.rate = rate
      self.signedOn = signedOn
      self.from = from
      self.repaidOn = repaidOn
      self.pledge = pledge
      self.isFirstPledge = isFirstPledge
      self.hasProvincialSubsidy = hasProvincialSubsidy
    }
  }

  case loan(Loan)
  case listing(board: SubsidyBoard, stage: Int)
  case reform(cost: Money)
  case increment(Money)
}

package enum SubsidyPledge: Int64, Sendable, Hashable, CaseIterable {
  case patent = 1
  case trademark = 2

  var attribute: PledgeKind { self == .patent ? .patent : .trademark }
}

package enum SubsidyBoard: Int64, Sendable, Hashable, CaseIterable {
  case exchange = 1
  case neeq = 2
  case regional = 3

  var attribute: ListingBoard {
    switch self {
    case .exchange: .exchange
    case .neeq: .neeq
    case .regional: .regional
    }
  }
}

/// Applies for a subsidy, the maker's step. The amount follows from the facts and the packs; a first-come programme
/// reserves it at once.
package struct ApplySubsidy: FundCommand {
  package var id: String
  package var programme: String
  package var beneficiary: String
  package var facts: SubsidyFacts
  package var evidence: [Evidence]
  package var businessDate: BusinessDate

  package init(
    id: String, programme: String, beneficiary: String, facts: SubsidyFacts, evidence: [Evidence],
    businessDate: BusinessDate
  ) {
    self.id = id
    self.programme = programme
    self.beneficiary = beneficiary
    self.facts = facts
    self.evidence = evidence
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> SubsidyApplication {
    try Field.text(beneficiary, "beneficiary", 1...FundLimits.borrowerLength)
    try Field.evidence(evidence, atLeast: 1)
    let programme = try fund.record(SubsidyProgramme.self, programme, in: "subsidyProgrammes")
    guard (programme.opensOn...programme.closesOn).contains(businessDate), !programme.isAllocated else {
      throw DomainError(
        .policyConditionFailed,
        "applications are open from \(programme.opensOn) through \(programme.closesOn)", field: "business_date")
    }
    let earlier = try fund.records(SubsidyApplication.self, RecordQuery(party: beneficiary))
      .filter { $0.state != .rejected }
    var assessment = SubsidyAssessment(
      programme: programme, pool: try fund.pool(programme.pool), policy: context.policy, date: businessDate,
      earlier: earlier)
    let result = try assessment.assess(facts)
    guard result.amount > 0 else {
      throw DomainError(
        .limitExceeded, "nothing is left for \(beneficiary) under the cap", field: "beneficiary",
        metadata: ["programme": programme.name])
    }
    var application = SubsidyApplication(
      id: id, programme: programme.id, pool: programme.pool, currency: programme.currency, beneficiary: beneficiary,
      topic: result.topic, stage: result.stage, rate: result.rate, uncapped: result.uncapped, amount: result.amount,
      maker: context.officer, evidence: evidence, appliedOn: businessDate,
      granted: programme.allocation == .firstCome ? result.amount : 0, state: .applied, checker: nil, paidOn: nil,
      citations: assessment.citations, transfers: [], remark: "", stamp: RecordStamp(context.now))
    if programme.allocation == .firstCome {
      try fund.reserve(result.amount, for: &application, on: businessDate)
    }
    fund.save(application)
    fund.emit(
      .subsidyApplied, application.name, pool: programme.pool, state: "applied", party: beneficiary,
      amount: application.money(application.amount), on: businessDate)
    return application
  }
}

/// What the rules give for the facts.
struct SubsidyAssessment {
  struct Result {
    var uncapped: Int64
    var amount: Int64
    var topic = ""
    var stage = 0
    var rate: Rate?
  }

  private let programme: SubsidyProgramme
  private let pool: Pool
  private let earlier: [SubsidyApplication]
  private var reading: PolicyReading

  init(
    programme: SubsidyProgramme, pool: Pool, policy: PolicyBook, date: BusinessDate, earlier: [SubsidyApplication]
  ) {
    self.programme = programme
    self.pool = pool
    self.earlier = earlier
    reading = PolicyReading(policy, scope: PolicyScope(region: pool.regionCode), on: date)
  }

  var citations: [Citation] { reading.citations.map(Citation.init) }

  mutating func assess(_ facts: SubsidyFacts) throws -> Result {
    switch (programme.subsidy, facts) {
    case (.ipPledgeInterest, .loan(let loan)): try ipPledge(loan)
    case (.loanInterest, .loan(let loan)): try loanInterest(loan)
    case (.listing, .listing(let board, let stage)): try listing(board, stage)
    case (.reform, .reform(let cost)): try reform(cost)
    case (.inclusiveIncrement, .increment(let increment)): try inclusive(increment)
    default: throw DomainError.invalid("facts", "the facts are not those of a programme for \(programme.subsidy)")
    }
  }

  /// 烟营办便函〔2023〕8号 三(四)11: first pledge, repaid, no provincial subsidy, 60 % of the reference rate, capped a firm.
  private mutating func ipPledge(_ loan: SubsidyFacts.Loan) throws -> Result {
    guard let pledge = loan.pledge else {
      throw DomainError(.requiredFieldMissing, "loan.pledge_kind is required", field: "loan.pledge_kind")
    }
    let days = try requireTerm(loan)
    guard let days else {
      throw condition("ip_subsidy.repaid_required", "principal and interest must be repaid first", "loan.repaid_on")
    }
    reading.scope.attributes.pledgeKind = pledge.attribute
    if try reading.ifStated("ip_subsidy.first_pledge_only", as: .boolean)?.value ?? false {
      let topic = "\(pledge)"
      if !loan.isFirstPledge || earlier.contains(where: { $0.topic == topic }) {
        throw condition("ip_subsidy.first_pledge_only", "only a firm's first pledge counts", "loan.first_pledge")
      }
    }
    _ = try reading.ifStated("ip_subsidy.repaid_required", as: .boolean)
    if try reading.ifStated("ip_subsidy.excluded_by_provincial", as: .boolean)?.value ?? false,
      loan.hasProvincialSubsidy
    {
      throw condition(
        "ip_subsidy.excluded_by_provincial", "the provincial subsidy rules this one out", "loan.provincial_subsidy")
    }
    let rate = try InterestSubsidy.rate(actual: loan.rate, signed: loan.signedOn, with: &reading)
    let amount = try InterestSubsidy.amount(loan.principal, at: rate, days: days, with: &reading)
    let uncapped = try reading("ip_subsidy.day_count", as: .dayCount).value.charge(loan.principal, at: rate, days: days)
    return Result(
      uncapped: uncapped.minorUnits, amount: amount.amount.minorUnits, topic: "\(pledge)", rate: rate)
  }

  private mutating func loanInterest(_ loan: SubsidyFacts.Loan) throws -> Result {
    guard let rate = programme.explicitRate, let days = try requireTerm(loan) else {
      throw DomainError(.requiredFieldMissing, "loan.repaid_on is required", field: "loan.repaid_on")
    }
    let dayCount = try reading("loan_interest.day_count", as: .dayCount).value
    // Never more than the interest that the firm paid.
    let charged = min(rate, loan.rate)
    let uncapped = try dayCount.charge(loan.principal, at: charged, days: days).minorUnits
    var amount = uncapped
    if let cap = programme.explicitCap {
      let used = earlier.filter { $0.programme == programme.id }.reduce(Int64(0)) { $0 + $1.amount }
      amount = min(amount, max(0, cap - used))
    }
    return Result(uncapped: uncapped, amount: amount, rate: charged)
  }

  /// 东平: ¥5 M in four stages 1:3:4:2, each after the one before.
  private mutating func listing(_ board: SubsidyBoard, _ stage: Int) throws -> Result {
    reading.scope.attributes.listingBoard = board.attribute
    let total = try reading("listing_subsidy.amount", as: .money).value
    try Field.positive(total, "listing", in: programme.currency)
    let weights = try reading.ifStated("listing_subsidy.stage_weights", as: .integers)?.value ?? [1]
    guard (1...weights.count).contains(stage) else {
      throw DomainError.invalid("listing.stage", "1 to \(weights.count)")
    }
    let topics = Set(earlier.map(\.topic))
    if topics.contains("\(board).\(stage)") {
      throw DomainError(.stateConflict, "stage \(stage) was applied for before", field: "listing.stage")
    }
    if stage > 1 && !topics.contains("\(board).\(stage - 1)") {
      throw DomainError(
        .policyConditionFailed, "stage \(stage) comes after stage \(stage - 1)", field: "listing.stage")
    }
    let part = try Allocation.split(total.minorUnits, weights: weights)[stage - 1]
    return Result(uncapped: part, amount: part, topic: "\(board).\(stage)", stage: stage)
  }

  private mutating func reform(_ cost: Money) throws -> Result {
    try Field.positive(cost, "reform_cost", in: programme.currency)
    if earlier.contains(where: { $0.topic == "reform" }) {
      throw DomainError(.stateConflict, "a reform is subsidised once", field: "beneficiary")
    }
    let share = try reading("reform_subsidy.share", as: .rate).value
    let uncapped = try cost.times(share)
    let cap = try reading.ifStated("reform_subsidy.amount.cap", as: .money)
    var amount = uncapped
    if let cap, try !cap.admits(uncapped) { amount = cap.value }
    return Result(uncapped: uncapped.minorUnits, amount: amount.minorUnits, topic: "reform", rate: share)
  }

  /// 2 % of the increment of the balance of inclusive loans.
  private mutating func inclusive(_ increment: Money) throws -> Result {
    try Field.positive(increment, "inclusive_increment", in: programme.currency)
    if earlier.contains(where: { $0.programme == programme.id }) {
      throw DomainError(.stateConflict, "a bank is rewarded once a programme", field: "beneficiary")
    }
    let share = try reading("inclusive_reward.share", as: .rate).value
    let amount = try increment.times(share).minorUnits
    return Result(uncapped: amount, amount: amount, topic: "increment", rate: share)
  }

  /// - Returns: days of the loan; nil while it is not repaid.
  private func requireTerm(_ loan: SubsidyFacts.Loan) throws -> Int? {
    try Field.positive(loan.principal, "loan.principal", in: programme.currency)
    guard (1...Rate.one.ppm).contains(loan.rate.ppm) else {
      throw DomainError.invalid("loan.rate", "between 1 and \(Rate.one.ppm) ppm")
    }
    if loan.from < loan.signedOn {
      throw DomainError.invalid("loan.from", "\(loan.from) lies before the contract of \(loan.signedOn)")
    }
    guard let repaidOn = loan.repaidOn else { return nil }
    if repaidOn <= loan.from { throw DomainError.invalid("loan.repaid_on", "\(repaidOn) is not after \(loan.from)") }
    return repaidOn.days(since: loan.from)
  }

  private func condition(_ parameter: String, _ message: String, _ field: String) -> DomainError {
    DomainError(.policyConditionFailed, message, field: field, metadata: ["parameter": parameter])
  }
}
