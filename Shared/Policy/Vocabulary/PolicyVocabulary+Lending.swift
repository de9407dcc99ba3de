extension PolicyVocabulary {
  static let bridge: [PolicyParameter] = [
    .init("bridge_fund.seed", .money, "Guiding capital that the city gives its bridge fund (应急转贷基金)."),
    .init(
      "bridge_fee.tiers", .bands(axis: .integer, of: .ratePerDay),
      "Daily bridge fee by the day of the loan, the first day being 1; each day is charged at its own tier."),
    .init(
      "bridge_fee.reduction", .ratePerDay, "How much the daily bridge fee is reduced for those eligible."),
    .init("bridge_fee.day_count", .dayCount, "How the days of a bridge loan turn into its fee."),
    .init("bridge_loan.days.cap", .days, .atMost, "Longest bridge loan."),
    .init(
      "bridge_loan.renewal_share.cap", .rate, .atMost,
      "Largest bridge loan as a share of the bank's renewal commitment."),
    .init("bridge_loan.amount.cap", .money, .atMost, "Largest bridge loan to one borrower."),
    .init(
      "bridge_loan.fund_overdue.cap", .rate, .atMost,
      "Overdue share of the fund up to which new bridge loans go on; above it they are suspended."),
    .init(
      "bridge_loan.bank_overdue.cap", .rate, .atMost,
      "Overdue share of the fund by the loans of one bank up to which its customers get new ones; above it the bank is suspended."
    ),
    .init("bridge_loan.purposes", .texts, "Kinds of loan that may be bridged."),
    .init("bridge_loan.commitment_required", .boolean, "Whether the bank's renewal commitment must come first."),
    .init("bridge_loan.own_money_required", .boolean, "Whether the borrower's own money must be in place first."),
    .init(
      "bridge_loan.use_check_required", .boolean,
      "Whether somebody must have looked, on evidence, whether the expiring loan was diverted."),
    .init(
      "bridge_loan.paid_to_loan_account", .boolean,
      "Whether the money goes straight to the loan account at the bank (closed loop)."),
    .init("bridge_loan.priority_grade.floor", .grade, .atLeast, "Platform grade from which a firm has priority."),
    .init("bridge_loan.serve_all_eligible", .boolean, "Whether every eligible firm is to be served (应转尽转)."),
  ]

  static let renewal: [PolicyParameter] = [
    .init("renewal.approval.days.cap", .days, .atMost, "Longest approval of a renewal without repayment (无还本续贷)."),
    .init("renewal.white_list", .boolean, "Whether firms on the white list get it on one application (一申即享)."),
    .init(
      "renewal.signed_before_maturity", .boolean, "Whether the new contract must be signed before the old one matures."),
    .init(
      "renewal.normal_class_conditions", .texts, "What must hold for the renewed loan to stay in class normal."),
    .init("renewal.instruments", .texts, "Ways of carrying a loan on."),
    .init("deferral.latest_date", .date, "Latest day to which principal and interest may be deferred."),
    .init("deferral.penalty_interest", .boolean, "Whether penalty interest runs during the deferral."),
  ]

  static let subsidy: [PolicyParameter] = [
    .init("ip_subsidy.share", .rate, "Interest subsidy (贴息) as a share of the reference rate."),
    .init(
      "ip_subsidy.reference_month_offset", .integer,
      "Month of the one-year LPR that is the reference, counted from the month the contract is signed."),
    .init(
      "ip_subsidy.actual_rate_if_lower", .boolean,
      "Whether the actual rate is the reference when it is below the LPR."),
    .init("ip_subsidy.amount.cap", .money, .atMost, "Largest subsidy to one firm."),
    .init("ip_subsidy.first_pledge_only", .boolean, "Whether only a firm's first pledge is subsidised."),
    .init("ip_subsidy.repaid_required", .boolean, "Whether principal and interest must be repaid first."),
    .init("ip_subsidy.excluded_by_provincial", .boolean, "Whether the provincial subsidy rules this one out."),
    .init("ip_subsidy.day_count", .dayCount, "How the days of the loan turn into a share of the yearly subsidy."),
    .init(
      "inclusive_reward.share", .rate, "Incentive funds to local legal-person banks, of the inclusive loans' increment."
    ),
  ]

  static let lending: [PolicyParameter] = [
    .init("platform_loan.grade.floor", .grade, .atLeast, "Platform grade from which the city's model supports a loan."),
    .init("loan_rate.cap", .rate, .atMost, "Highest yearly rate of a loan that courts uphold in full."),
    .init("platform_loan.amount.cap", .money, .atMost, "Largest supported loan to one firm."),
    .init(
      "platform_loan.focus_amount.cap", .money, .atMost, "Amount up to which first and credit loans are the focus."),
    .init("platform_loan.kinds", .texts, "Kinds of loan the model supports."),
    .init("platform_loan.sizes", .texts, "Sizes of firm the model supports."),
    .init("platform_loan.risk_compensated", .boolean, "Whether losses enter risk compensation."),
    .init("loan_interest.day_count", .dayCount, "How the days of a bank loan turn into a share of the yearly rate."),
    .init("loan_file.required_reports", .texts, "Credit reports that a loan file must contain (双查)."),
    .init("loan_file.consent_required", .boolean, "Whether each report needs the applicant's consent."),
    .init(
      "first_loan.excluding_records", .texts, "Records in the PBOC credit system that rule out a first loan (首贷户)."),
    .init("fees.outside_rules_forbidden", .boolean, "Whether fees outside the regulators' rules are forbidden."),
    .init("accountability.practices", .texts, "Practices of lenders that are called to account."),
    .init("talent_loan.eligible", .texts, "Who may take a talent loan (人才贷)."),
    .init("talent_loan.unsecured", .boolean, "Whether talent loans need neither collateral nor guarantee."),
    .init("risk_diligence.mutual_recognition", .boolean, "Whether institutions recognise each other's due diligence."),
    .init("instruments", .texts, "Kinds of instrument that work together (投、贷、保、担、融(租))."),
  ]
}
