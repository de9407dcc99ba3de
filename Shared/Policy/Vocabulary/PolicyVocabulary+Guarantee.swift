extension PolicyVocabulary {
  static let guarantee: [PolicyParameter] = [
    .init(
      "guarantee_fee.cap", .rate, .atMost, over: .guaranteeTotal,
      "Highest yearly guarantee fee, of the guaranteed amount (担保费率)."),
    .init("guarantee_fee.rate", .rate, "Yearly guarantee fee that a product charges, of the guaranteed amount."),
    .init("guarantee_fee.average.cap", .rate, .atMost, "Highest average fee of the whole guarantee system."),
    .init("guarantee_fee.day_count", .dayCount, "How the days of a guarantee turn into a share of the yearly fee."),
    .init(
      "re_guarantee_fee.cap", .rate, .atMost, over: .guaranteeTotal,
      "Highest yearly re-guarantee fee, of the liability borne (承担风险责任)."),
    .init(
      "re_guarantee_fee.rate", .rate, over: .guaranteeTotal,
      "Yearly re-guarantee fee, of the principal times the share borne."),
    .init("re_guarantee_fee.day_count", .dayCount, "As guarantee_fee.day_count, for the re-guarantee fee."),
    .init("claim_rate.cap", .rate, .atMost, "Highest claim rate (代偿率上限)."),
    .init(
      "claim_rate.released_share", .rate,
      "Share of the released principal that counts in the denominator of the claim rate."),
    .init(
      "claim_rate.breaker", .boolean,
      "Whether crossing the cap stops new business in the facility until it is reset (熔断)."),
    .init(
      "guarantee.registration.cap", .days, .atMost,
      "Longest time from a loan's disbursement to the batch that registers it."),
    .init("guarantee.follows_loan", .boolean, "Whether the guarantee follows from the loan (见贷即保)."),
    .init("guarantee.counter_guarantee_required", .boolean, "Whether a counter-guarantee (反担保) is asked for."),
    .init(
      "guarantee.amount.focus_cap", .money, .atMost, "Amount a firm up to which guarantees are the system's focus."),
    .init(
      "guarantee.small_and_agricultural.share.floor", .rate, .atLeast,
      "Least share of the guaranteed amount that supports small firms and 三农 (支小支农)."),
    .init(
      "guarantee.small_amount.cap", .money, .atMost,
      "Amount a firm up to which a guarantee counts as small inside the 支小支农 business."),
    .init(
      "guarantee.small_amount.share.floor", .rate, .atLeast,
      "Least share of the 支小支农 amount that must be small guarantees."),
    .init("guarantee.excluded_purposes", .texts, "Purposes that must not be guaranteed."),
    .init(
      "guarantee.liability_multiple.cap", .integer, .atMost,
      "Highest outstanding liability as a multiple of net assets."),
    .init(
      "anti_splitting.window", .days,
      "Guarantees to one borrower signed within so many days count as one for every cap and fee band."),
    .init("anti_splitting.includes_affiliates", .boolean, "Whether affiliates of the borrower count with it."),
  ]

  static let sharing: [PolicyParameter] = [
    .init("risk_share.bank", .rate, "Share of the loss that the lending bank bears."),
    .init("risk_share.guarantee_system", .rate, "Share of the loss that the guarantee system bears together."),
    .init("risk_share.re_guarantor", .rate, "Share of the loss that the re-guarantor bears."),
    .init("risk_share.guarantor.cap", .rate, .atMost, "Largest share of the loss that the guarantor bears."),
    .init("risk_share.bank.floor", .rate, .atLeast, "Least share of the loss that the lending bank bears."),
    .init("risk_share.national_fund.floor", .rate, .atLeast, "Least share that the national fund bears."),
    .init(
      "risk_share.bank.transferable", .boolean, "Whether the bank may pass its share on, e.g. by another guarantee."),
  ]

  static let compensation: [PolicyParameter] = [
    .init(
      "risk_compensation.ratio.cap", .rate, .atMost,
      "Highest risk compensation (风险补偿), of the principal named by risk_compensation.basis."),
    .init(
      "risk_compensation.basis", .text,
      "What the ratio is of: confirmed_non_performing_principal or principal_loss."),
    .init(
      "risk_compensation.provincial_reward.cap", .rate, .atMost,
      "Highest part of the principal loss that the provincial reward covers and the city budgets."),
    .init("risk_compensation.pool", .money, "Size of the risk-compensation pool."),
    .init(
      "risk_compensation.excludes_guaranteed", .boolean,
      "Whether losses a guarantee already covers are left out (no double dip)."),
    .init("risk_compensation.bank_share.floor", .rate, .atLeast, "Least share of the loss that stays with the bank."),
    .init("risk_compensation.amount.cap", .money, .atMost, "Amount a firm up to which a loan counts."),
    .init("risk_compensation.term.cap", .months, .atMost, "Longest loan term that counts."),
    .init(
      "risk_compensation.registration.cap", .days, .atMost,
      "Longest time from a loan's disbursement to its registration."),
    .init("risk_compensation.reward_use", .text, "What rewards to banks are to be spent on."),
  ]
}
