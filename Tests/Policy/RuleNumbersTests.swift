import Kernel
import Testing

@testable import Policy

/// One number of one document: where it is asked, and what the answer must be.
struct Expectation: Sendable, CustomTestStringConvertible {
  var rule: String
  var parameter: String
  var scope = PolicyScope()
  var date: String
  var value: PolicyDatum
  var inclusive = true

  var testDescription: String { "\(rule) \(parameter) \(date)" }
}

/// Rows of one document: scope and date default to the document's own.
struct Rows {
  var region: String
  var date: String

  func callAsFunction(
    _ rule: String, _ parameter: String, _ value: PolicyDatum, exclusive: Bool = false, product: String? = nil,
    region: String? = nil, on date: String? = nil, _ attributes: PolicyAttributes = PolicyAttributes()
  ) -> Expectation {
    Expectation(
      rule: rule, parameter: parameter,
      scope: PolicyScope(region: region ?? self.region, product: product, attributes: attributes),
      date: date ?? self.date, value: value, inclusive: !exclusive)
  }
}

func check(_ row: Expectation, in pack: String) throws {
  let book = try PackFiles.book(pack)
  let answer = try book.parameter(row.parameter, as: .any, scope: row.scope, on: try day(row.date))
  #expect(answer.value == row.value, "\(row.rule)")
  #expect(answer.inclusive == row.inclusive, "\(row.rule): inclusive")
  #expect(answer.citation.ruleID.hasPrefix("\(pack)."))
  #expect(!answer.citation.document.isEmpty)
  #expect(!answer.citation.article.isEmpty)
}

@Suite struct YantaiNumbersTests {
  static let row = Rows(region: "370602", date: "2023-08-07")
  static let later = Rows(region: "370602", date: "2024-01-01")
  static func small(_ total: Int64) -> PolicyAttributes {
    PolicyAttributes(size: .small, guaranteeTotal: yuan(total))
  }
  static func rural(_ total: Int64) -> PolicyAttributes {
    PolicyAttributes(size: .notAFirm, agricultural: true, guaranteeTotal: yuan(total))
  }

  static let rows: [Expectation] = [
    row("1 ≥ 25 000 verified firms", "target.platform_firms.floor", .integer(25_000)),
    row("1 ≥ 400 products and services", "target.platform_products.floor", .integer(400)),
    row("1 ≥ ¥30 bn", "target.platform_financing.floor", .cny(30_000_000_000)),
    row("1 ≥ ¥2 bn across borders", "target.cross_border_financing.floor", .cny(2_000_000_000)),
    row("1 growth > 20 %", "target.cross_border_growth.floor", .ppm(200_000), exclusive: true),
    row("1 > 100 in the supermarket", "target.supermarket_products.floor", .integer(100), exclusive: true),
    row("1 demand pool", "demand.push.recipients", .texts(["banks", "guarantors"])),
    row("1 ≥ 100 matching events", "target.matching_events.floor", .integer(100)),
    row("1 ≥ 3 000 firms advised", "target.firms_advised.floor", .integer(3_000)),
    later("4 grade ≥ C", "platform_loan.grade.floor", .atLeast("C")),
    later("4 small and micro firms", "platform_loan.sizes", .texts(["micro", "small"])),
    later("4 ≤ ¥10 M a firm", "platform_loan.amount.cap", .cny(10_000_000)),
    later("4 kinds of loan", "platform_loan.kinds", .texts(["credit", "guaranteed", "rights_pledge"])),
    later("4 focus ≤ ¥5 M", "platform_loan.focus_amount.cap", .cny(5_000_000)),
    later("4 losses compensated", "platform_loan.risk_compensated", .boolean(true)),
    row("5 2 % of the increment", "inclusive_reward.share", .ppm(20_000)),
    row("5 ≥ ¥40 M incentive funds", "target.incentive_funds.floor", .cny(40_000_000)),
    row("5 ≥ 3 500 first-loan firms", "target.first_loan_firms.floor", .integer(3_500)),
    row("6 ≤ 50 % of the principal", "risk_compensation.ratio.cap", .ppm(500_000)),
    row("6 confirmed non-performing", "risk_compensation.basis", .text("confirmed_non_performing_principal")),
    row("7 ≤ 1 % up to ¥5 M", "guarantee_fee.cap", .ppm(10_000), small(5_000_000)),
    row("7 ≤ 1.5 % above ¥5 M", "guarantee_fee.cap", .ppm(15_000), small(6_000_000)),
    row("7 ≤ 1.5 % 三农 above ¥5 M", "guarantee_fee.cap", .ppm(15_000), rural(6_000_000)),
    row(
      "7 re-guarantee ≤ 0.3 %", "re_guarantee_fee.cap", .ppm(3_000), PolicyAttributes(guaranteeTotal: yuan(5_000_000))),
    row(
      "7 re-guarantee ≤ 0.5 %", "re_guarantee_fee.cap", .ppm(5_000), PolicyAttributes(guaranteeTotal: yuan(6_000_000))),
    row("7 guaranteed balance ¥17.5 bn", "target.guarantee_balance.floor", .cny(17_500_000_000)),
    row("8 priority ≥ C", "bridge_loan.priority_grade.floor", .atLeast("C")),
    row(
      "8 万分之一/日 less", "bridge_fee.reduction", .perDay(100),
      PolicyAttributes(size: .micro, grade: try? Grade("C"))),
    row("9 white list", "renewal.white_list", .boolean(true)),
    row("9 approval ≤ 3 days", "renewal.approval.days.cap", .calendarDays(3)),
    row("9 balance ¥35 bn", "target.renewal_balance.floor", .cny(35_000_000_000)),
    row("10 投、贷、担", "instruments", .texts(["equity", "loan", "guarantee"])),
    row("11 60 % of the LPR", "ip_subsidy.share", .ppm(600_000)),
    row("11 month before", "ip_subsidy.reference_month_offset", .integer(-1)),
    row("11 actual rate when lower", "ip_subsidy.actual_rate_if_lower", .boolean(true)),
    row("11 first pledge", "ip_subsidy.first_pledge_only", .boolean(true)),
    row("11 already repaid", "ip_subsidy.repaid_required", .boolean(true)),
    row("11 ≤ ¥500 k patent", "ip_subsidy.amount.cap", .cny(500_000), PolicyAttributes(pledgeKind: .patent)),
    row("11 ≤ ¥100 k trademark", "ip_subsidy.amount.cap", .cny(100_000), PolicyAttributes(pledgeKind: .trademark)),
    row("11 not beside the province's", "ip_subsidy.excluded_by_provincial", .boolean(true)),
    row("11 160 technology firms", "target.tech_firms.floor", .integer(160)),
    row("11 ¥1 bn technology loans", "target.tech_loans.floor", .cny(1_000_000_000)),
  ]

  @Test(arguments: rows) func `烟营办便函〔2023〕8号 says`(row: Expectation) throws { try check(row, in: "yantai-2023-8") }

  @Test(arguments: ["bridge_fee.tiers", "ip_subsidy.day_count"])
  func `what the document leaves open is not stated`(parameter: String) throws {
    let book = try PackFiles.book("yantai-2023-8")
    let scope = PolicyScope(region: "3706")
    #expect(
      reason { _ = try book.parameter(parameter, as: .any, scope: scope, on: day("2023-08-07")) } == "POLICY_NOT_STATED"
    )
  }

  @Test func `三农 subjects up to five million are not stated, small firms among them are`() throws {
    let book = try PackFiles.book("yantai-2023-8")
    let rural = PolicyScope(region: "3706", attributes: Self.rural(5_000_000))
    #expect(
      reason { _ = try book.parameter("guarantee_fee.cap", as: .rate, scope: rural, on: day("2023-08-07")) }
        == "POLICY_NOT_STATED")
    let smallFarm = PolicyAttributes(size: .small, agricultural: true, guaranteeTotal: yuan(5_000_000))
    let cap = try book.parameter(
      "guarantee_fee.cap", as: .rate, scope: PolicyScope(region: "3706", attributes: smallFarm), on: day("2023-08-07"))
    #expect(cap.value.ppm == 10_000)
  }

  @Test func `the model of article 4 is in force from 2024 on`() throws {
    let book = try PackFiles.book("yantai-2023-8")
    let scope = PolicyScope(region: "3706")
    #expect(
      reason { _ = try book.parameter("platform_loan.amount.cap", as: .money, scope: scope, on: day("2023-12-31")) }
        == "POLICY_NOT_STATED")
  }

  @Test func `nothing holds before the document or outside the city`() throws {
    let book = try PackFiles.book("yantai-2023-8")
    for (region, date) in [("3706", "2023-08-06"), ("3703", "2023-08-07"), ("", "2023-08-07")] {
      let scope = PolicyScope(region: region)
      #expect(
        reason { _ = try book.parameter("inclusive_reward.share", as: .rate, scope: scope, on: day(date)) }
          == "POLICY_NOT_STATED")
    }
  }
}

@Suite struct ZiboNumbersTests {
  static let row = Rows(region: "370303", date: "2020-05-26")
  static let later = Rows(region: "370303", date: "2023-06-21")
  static let inside = PolicyAttributes(relendingScope: true)
  static let outside = PolicyAttributes(relendingScope: false)

  static let rows2020: [Expectation] = [
    row("1 见贷即保", "guarantee.follows_loan", .boolean(true), product: "guarantee", inside),
    row("1 见贷即保 outside", "guarantee.follows_loan", .boolean(false), product: "guarantee", outside),
    row(
      "1 no counter-guarantee", "guarantee.counter_guarantee_required", .boolean(false), product: "guarantee", inside),
    row(
      "1 counter-guarantee outside", "guarantee.counter_guarantee_required", .boolean(true), product: "guarantee",
      outside),
    row("1 claim cap 5 %", "claim_rate.cap", .ppm(50_000), product: "guarantee", inside),
    row("1 claim cap 2 % outside", "claim_rate.cap", .ppm(20_000), product: "guarantee", outside),
    row("1 claim cap 5 % last day", "claim_rate.cap", .ppm(50_000), product: "guarantee", on: "2020-12-31", inside),
    row("1 claim cap 2 % next day", "claim_rate.cap", .ppm(20_000), product: "guarantee", on: "2021-01-01", inside),
    row("1 claim cap 2 % day before", "claim_rate.cap", .ppm(20_000), product: "guarantee", on: "2020-05-25", inside),
    row("1 fee 0.5 %", "guarantee_fee.cap", .ppm(5_000), product: "guarantee", inside),
    row("1 fee 1 % outside", "guarantee_fee.cap", .ppm(10_000), product: "guarantee", outside),
    row("1 fee 0.5 % last day", "guarantee_fee.cap", .ppm(5_000), product: "guarantee", on: "2020-12-31", inside),
    row("1 fee 1 % next day", "guarantee_fee.cap", .ppm(10_000), product: "guarantee", on: "2021-01-01", inside),
    row("1 fee 1 % day before", "guarantee_fee.cap", .ppm(10_000), product: "guarantee", on: "2020-05-25", inside),
    row("2 loan/deposit 75 %", "target.loan_deposit_ratio.floor", .ppm(750_000)),
    row("2 growth ≥ 10 %", "target.sme_loan_growth.floor", .ppm(100_000)),
    row("2 ≥ 60 % in the first half", "target.first_half_share.floor", .ppm(600_000)),
    row("2 看增量、看增幅", "appraisal.criteria", .texts(["loan_increment", "loan_growth"])),
    row("2 rewards for losses", "risk_compensation.reward_use", .text("principal_losses")),
    row("2 ¥100 M pool", "risk_compensation.pool", .cny(100_000_000), product: "credit_loan"),
    row("2 no fees outside the rules", "fees.outside_rules_forbidden", .boolean(true)),
    row("3 to 2020-06-30", "deferral.latest_date", .day("2020-06-30")),
    row("3 no penalty interest", "deferral.penalty_interest", .boolean(false)),
    row("4 人才贷 80 %", "risk_compensation.ratio.cap", .ppm(800_000), product: "talent_loan"),
    row("4 人才贷 50 % before", "risk_compensation.ratio.cap", .ppm(500_000), product: "talent_loan", on: "2020-05-25"),
    row("4 人才贷 80 % last day", "risk_compensation.ratio.cap", .ppm(800_000), product: "talent_loan", on: "2020-12-31"),
    row("4 人才贷 50 % after", "risk_compensation.ratio.cap", .ppm(500_000), product: "talent_loan", on: "2021-01-01"),
    row("4 of the principal loss", "risk_compensation.basis", .text("principal_loss"), product: "talent_loan"),
    row("4 reward ≤ 30 %", "risk_compensation.provincial_reward.cap", .ppm(300_000), product: "talent_loan"),
    row("4 unsecured", "talent_loan.unsecured", .boolean(true)),
    row("5 quarterly meeting", "joint_meeting.period", .months(3)),
    row("5 白名单", "demand.white_list.pushed_by", .texts(["districts", "sector_departments"])),
    row("6 ¥50 M seed", "bridge_fund.seed", .cny(50_000_000)),
    row("6 应转尽转", "bridge_loan.serve_all_eligible", .boolean(true)),
    row("7 accountability", "accountability.practices", .texts(["抽贷", "压贷", "断贷"])),
  ]

  @Test(arguments: rows2020) func `淄政办字〔2020〕56号 says`(row: Expectation) throws { try check(row, in: "zibo-2020-56") }

  @Test func `instruments include extension, borrowing to repay and renewal without repayment`() throws {
    let scope = PolicyScope(region: "3703")
    let ways = try PackFiles.book("zibo-2020-56").parameter(
      "renewal.instruments", as: .texts, scope: scope, on: day("2020-06-01"))
    #expect(Set(["extension", "borrowing_to_repay", "renewal_without_repayment"]).isSubset(of: ways.value))
    #expect(
      try PackFiles.book("zibo-2020-56").parameterIfStated(
        "target.bank_loan_growth", as: .money, scope: scope, on: day("2020-06-01")) == nil,
      "the annex is not in the file")
    #expect(
      try PackFiles.book("zibo-2020-56").parameter(
        "talent_loan.eligible", as: .texts, scope: scope, on: day("2020-06-01")
      ).value.count == 3)
  }

  static let rows2023: [Expectation] = [
    later("1 ≥ ¥15 bn", "target.new_inclusive_loans.floor", .cny(15_000_000_000)),
    later("1 growth ≥ all loans", "target.inclusive_growth_at_least_all_loans", .boolean(true)),
    later("1 about 4 000 first-loan firms", "target.first_loan_firms.floor", .integer(4_000)),
    later(
      "2 simultaneous push", "demand.push.recipients", .texts(["institutions", "city_regulator", "county_regulator"])),
    later("2 real time", "demand.satisfaction.real_time", .boolean(true)),
    later("2 three lists", "demand.policy_list_kinds", .texts(["惠企", "便民", "助农"])),
    later("3 four levels", "demand.levels", .texts(["city", "county", "town", "village"])),
    later("4 销号", "demand.ledger.close_out", .boolean(true)),
    later("4 提级办理", "assessment.escalate_feasible", .boolean(true)),
    later("4 难投讲清", "assessment.explain_infeasible", .boolean(true)),
    later("5 20 teams", "chain_team.count", .integer(20)),
    later("5 ≥ 1 visit a chain", "chain_team.visits.floor", .integer(1)),
    later("6 投、贷、保、担、融(租)", "instruments", .texts(["equity", "loan", "insurance", "guarantee", "lease"])),
    later("6 尽调结果互认", "risk_diligence.mutual_recognition", .boolean(true)),
    later("7 one lead bank", "duty_bank.lead.count", .integer(1)),
    later("7 one participating bank", "duty_bank.participating.count", .integer(1)),
    later("7 every month", "duty_bank.period", .months(1)),
    later("7 责任工单", "steward.work_orders", .boolean(true)),
    later("7 20 chains of stewards", "steward.chains.count", .integer(20)),
    later("8 enters the evaluation", "appraisal.in_institution_evaluation", .boolean(true)),
  ]

  @Test(arguments: rows2023) func `淄金稳办发〔2023〕11号 says`(row: Expectation) throws { try check(row, in: "zibo-2023-11") }
}

@Suite struct QinghaiNumbersTests {
  static let row = Rows(region: "630102", date: "2022-06-02")
  static let rows: [Expectation] = [
    row("appointed for 1 year", "adviser.term", .months(12)),
    row("renewable", "adviser.term.renewable", .boolean(true)),
    row("first 50", "adviser.first_intake.count", .integer(50)),
    row("groups of 10", "adviser.group.size", .integer(10)),
    row("with a leader", "adviser.group.leader", .boolean(true)),
    row("1 adviser : 1 firm", "adviser.firms.floor", .integer(1)),
    row("1 adviser : 2 firms", "adviser.firms.cap", .integer(2)),
    row("a policy group", "adviser.policy_group", .boolean(true)),
    row("a city's own pool", "adviser.local_pool_allowed", .boolean(true)),
    row("agreement filed", "adviser.agreement_filed", .boolean(true)),
    row("adviser → group → bureau", "adviser.escalation", .texts(["adviser", "group", "bureau"])),
    row("month end", "adviser.ledger.period", .months(1)),
    row("quarter end", "adviser.summary.period", .months(3)),
    row("year end", "adviser.report.period", .months(12)),
    row("10 working days", "adviser.complaint.reply.days.cap", .workingDays(10)),
    row("free of charge", "adviser.fee_allowed", .boolean(false)),
    row("enters the evaluation", "appraisal.in_institution_evaluation", .boolean(true)),
  ]

  @Test(arguments: rows) func `青金监〔2022〕31号 says`(row: Expectation) throws { try check(row, in: "qinghai-2022-31") }

  @Test(arguments: ["adviser.award.proportion", "adviser.award.points"])
  func `the proportion and the points of the award are not stated`(parameter: String) throws {
    let book = try PackFiles.book("qinghai-2022-31")
    #expect(
      reason { _ = try book.parameter(parameter, as: .any, scope: PolicyScope(region: "63"), on: day("2022-06-02")) }
        == "POLICY_NOT_STATED")
  }
}

@Suite struct TaianNumbersTests {
  static let row = Rows(region: "3709", date: "2023-01-30")
  static let daiyue = Rows(region: "370911", date: "2023-01-30")
  static let dongping = Rows(region: "370923", date: "2023-01-30")
  static let xintai = Rows(region: "370982", date: "2023-01-30")
  static let feicheng = Rows(region: "370983", date: "2023-01-30")
  static let rapid = "guodan-kuaidai"

  static func kind(_ kind: BorrowerKind, _ grade: String? = nil) -> PolicyAttributes {
    PolicyAttributes(grade: grade.flatMap { try? Grade($0) }, borrowerKind: kind)
  }

  static func board(_ board: ListingBoard) -> PolicyAttributes { PolicyAttributes(listingBoard: board) }

  static let products: [Expectation] = [
    row("国担快贷 1 %", "guarantee_fee.rate", .ppm(10_000), product: rapid),
    row("国担快贷 ¥5 M", "product.amount.cap", .cny(5_000_000), product: rapid),
    row("国担快贷 ¥3 M before", "product.amount.cap_before", .cny(3_000_000), product: rapid),
    row("国担快贷 12 months", "product.term.cap", .months(12), product: rapid),
    row("国担快贷 6 months before", "product.term.cap_before", .months(6), product: rapid),
    row("国担快贷 −30 BP", "product.rate.discount.smallest", .ppm(3_000), product: rapid),
    row("国担快贷 −50 BP", "product.rate.discount.largest", .ppm(5_000), product: rapid),
    row("国担快贷 LPR + 10 BP", "product.rate.lpr_spread", .ppm(1_000), product: rapid),
    row("国担快贷 3.75 %", "product.rate.floor", .ppm(37_500), product: rapid),
    row("国担快贷 same day", "product.same_day", .boolean(true), product: rapid),
    row("国担快贷 claim cap", "product.claim_cap_agreed", .boolean(true), product: rapid),
    feicheng("鲁担惠农贷 3.6 %", "product.all_in_cost.average", .ppm(36_000), product: "ludan-huinongdai"),
    feicheng("鲁担惠农贷 ¥10 M pool", "risk_compensation.pool", .cny(10_000_000), product: "ludan-huinongdai"),
    daiyue("银担普惠贷 见贷即保", "guarantee.follows_loan", .boolean(true), product: "yindan-puhuidai"),
    daiyue("银担普惠贷 2 points", "product.rate.discount.smallest", .ppm(20_000), product: "yindan-puhuidai"),
    daiyue("银担普惠贷 3 points", "product.rate.discount.largest", .ppm(30_000), product: "yindan-puhuidai"),
    row("公积金惠企贷 ¥5 M", "product.amount.cap", .cny(5_000_000), product: "zhongyin-gongjijin-huiqidai"),
    row("高新区 ¥30 M pool", "risk_compensation.pool", .cny(30_000_000), product: "gaoxin-keji-danbao"),
  ]

  static let grades: [Expectation] = [
    daiyue("discount ≤ 30 %", "grade_discount.rate.cap", .ppm(300_000), kind(.farmer, "A+")),
    daiyue("discount ≤ 30 %", "grade_discount.rate.cap", .ppm(300_000), kind(.soleTrader, "AAA")),
    daiyue(
      "incentives from A", "grade_incentives",
      .texts(["rate_discount", "bridge_fee_discount", "unsecured_credit", "green_channel"]), kind(.company, "A")),
    daiyue("≥ AA listing reserve", "listing_reserve.grade.floor", .atLeast("AA")),
    daiyue("farmer ≤ ¥100 k", "product.amount.cap", .cny(100_000), product: "credit_loan", kind(.farmer)),
    daiyue("sole trader ≤ ¥200 k", "product.amount.cap", .cny(200_000), product: "credit_loan", kind(.soleTrader)),
    daiyue("alliance ≤ ¥300 k", "product.amount.cap", .cny(300_000), product: "credit_loan", kind(.allianceMerchant)),
    daiyue(
      "alliance 5 BP", "product.rate.discount.smallest", .ppm(500), product: "credit_loan", kind(.allianceMerchant)),
    daiyue(
      "alliance 15 BP", "product.rate.discount.largest", .ppm(1_500), product: "credit_loan", kind(.allianceMerchant)),
    row("双查", "loan_file.required_reports", .texts(["pboc_credit_report", "public_credit_platform_report"])),
    row("双查 with consent", "loan_file.consent_required", .boolean(true)),
    daiyue("19 lead banks", "lead_bank.count", .integer(19)),
    row("one lead of a joint credit", "joint_credit.lead.count", .integer(1)),
    Rows(region: "370921", date: "2023-01-30")("3 lead banks a chain", "lead_bank.per_chain", .integer(3)),
    Rows(region: "370921", date: "2023-01-30")("core firms", "supply_chain.core_firm_white_list", .boolean(true)),
  ]

  static let process: [Expectation] = [
    daiyue("3 steps", "process.steps", .integer(3)),
    daiyue("4 working days", "process.handling.days", .workingDays(4)),
    daiyue("5 documents", "process.documents", .integer(5)),
    daiyue("113: 1 call", "process.calls", .integer(1), product: "fast-track-113"),
    daiyue("113: 1 reduction", "process.reductions", .integer(1), product: "fast-track-113"),
    daiyue("113: 3 working days", "process.handling.days", .workingDays(3), product: "fast-track-113"),
    dongping("5 → 4 steps", "process.steps_before", .integer(5)),
    dongping("5 → 4 steps", "process.steps", .integer(4)),
    dongping("10 → 6 days", "process.handling.days_before", .workingDays(10)),
    dongping("10 → 6 days", "process.handling.days", .workingDays(6)),
    dongping("12 → 6 documents", "process.documents_before", .integer(12)),
    dongping("12 → 6 documents", "process.documents", .integer(6)),
    xintai("155 products", "catalogue.products.count", .integer(155)),
    xintai("6 categories", "catalogue.categories.count", .integer(6)),
    xintai("fields", "catalogue.required_fields", .texts(["conditions", "limit", "rate", "application_documents"])),
    feicheng("89 products", "catalogue.products.count", .integer(89)),
    feicheng("fields", "catalogue.required_fields", .texts(["introduction", "conditions", "limit"])),
  ]

  static let appraisal: [Expectation] = [
    row("一月一通报", "appraisal.bulletin.period", .months(1)),
    row("一季一排名", "appraisal.ranking.period", .months(3)),
    row("年底总考核", "appraisal.total.period", .months(12)),
    row(
      "criteria", "appraisal.criteria",
      .texts(["loan_increment", "tax_paid", "npl_ratio", "inclusive_finance", "industry_support"])),
    row("NPL weight raised", "appraisal.npl_weight_raised", .boolean(true)),
    row("tied to fiscal resources", "appraisal.tied_to_fiscal_resources", .boolean(true)),
    row("PBOC 2 %", "inclusive_reward.share", .ppm(20_000)),
    row("创新积分制", "innovation_points.shared_with_banks", .boolean(true)),
    row("技术流", "tech_flow_grading", .boolean(true)),
    row("授信率", "ratio.credit_granted.definition", .text("credit_granted / signed_amount")),
    row("资金到位率", "ratio.funds_in_place.definition", .text("funds_in_place / signed_amount")),
    row("never clamp", "ratio.clamped", .boolean(false)),
    dongping("¥5 M listing", "listing_subsidy.amount", .cny(5_000_000), board(.exchange)),
    dongping("1:3:4:2", "listing_subsidy.stage_weights", .integers([1, 3, 4, 2]), board(.exchange)),
    dongping("reform 50 %", "reform_subsidy.share", .ppm(500_000)),
    dongping("reform ≤ ¥300 k", "reform_subsidy.amount.cap", .cny(300_000)),
    dongping("regional ¥300 k", "listing_subsidy.amount", .cny(300_000), board(.regional)),
    dongping("NEEQ ¥1 M", "listing_subsidy.amount", .cny(1_000_000), board(.neeq)),
    xintai("exchange ¥10 M", "listing_subsidy.amount", .cny(10_000_000), board(.exchange)),
    xintai("NEEQ ¥1.5 M", "listing_subsidy.amount", .cny(1_500_000), board(.neeq)),
    feicheng("regional ¥100 k", "listing_subsidy.amount", .cny(100_000), board(.regional)),
    feicheng("NEEQ ¥1 M", "listing_subsidy.amount", .cny(1_000_000), board(.neeq)),
    feicheng("exchange ¥10 M", "listing_subsidy.amount", .cny(10_000_000), board(.exchange)),
    daiyue("exchange ¥10 M", "listing_subsidy.amount", .cny(10_000_000), board(.exchange)),
  ]

  @Test(arguments: products + grades + process + appraisal)
  func `泰金监字〔2023〕2号 says`(row: Expectation) throws { try check(row, in: "taian-2023-2") }

  @Test func `a farmer of grade A has no stated discount`() throws {
    let scope = PolicyScope(region: "370911", attributes: Self.kind(.farmer, "A"))
    #expect(
      try PackFiles.book("taian-2023-2").parameterIfStated(
        "grade_discount.rate.cap", as: .rate, scope: scope, on: day("2023-01-30")) == nil)
  }
}
