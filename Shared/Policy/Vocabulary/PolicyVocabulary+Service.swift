extension PolicyVocabulary {
  static let assessment: [PolicyParameter] = [
    .init("assessment.months_in_business.floor", .months, .atLeast, "Months a firm must have been in business."),
    .init("assessment.grade.floor", .grade, .atLeast, "Platform grade a demand needs to be feasible."),
    .init("assessment.amount.cap", .money, .atMost, "Largest demand that is feasible without individual study."),
    .init("assessment.focus_amount.cap", .money, .atMost, "Amount up to which a demand has priority."),
    .init("assessment.sizes", .texts, "Sizes of firm that the rapid judgement serves."),
    .init("assessment.uscc_required", .boolean, "Whether a valid unified social credit code is needed."),
    .init("assessment.consents", .texts, "Consents of the applicant that must be on file."),
    .init("assessment.overdue_days.cap", .days, .atMost, "Longest current overdue that is still feasible."),
    .init("assessment.response.days.cap", .days, .atMost, "Longest time to the judgement (快速评判)."),
    .init("assessment.escalate_feasible", .boolean, "Whether feasible demands are handled a level higher (提级办理)."),
    .init("assessment.explain_infeasible", .boolean, "Whether the reason is explained when infeasible (难投讲清)."),
  ]

  static let demand: [PolicyParameter] = [
    .init("demand.push.recipients", .texts, "To whom a published demand goes at the same time."),
    .init("demand.accept.days.cap", .days, .atMost, "Longest time from the push to a claim (受理)."),
    .init(
      "demand.contact.days.cap", .days, .atMost, "Longest time from the claim to the first talk with the firm (对接)."),
    .init("demand.decide.days.cap", .days, .atMost, "Longest time from the claim to an offer or a refusal (反馈)."),
    .init("demand.satisfaction.real_time", .boolean, "Whether satisfaction is updated in real time, closing the loop."),
    .init("demand.levels", .texts, "Levels of government that work together."),
    .init("demand.policy_list_kinds", .texts, "Kinds of policy list that are pushed."),
    .init("demand.ledger.close_out", .boolean, "Whether items of the ledger (台账) are closed out (销号)."),
    .init("demand.white_list.pushed_by", .texts, "Who pushes the white list of good firms and projects."),
    .init("joint_meeting.period", .months, "Months between joint meetings of government, banks and firms."),
    .init("duty_bank.lead.count", .integer, "Lead banks on duty (轮值行) in a period."),
    .init("duty_bank.participating.count", .integer, "Participating banks on duty in a period."),
    .init("duty_bank.period", .months, "Length of a period of duty."),
    .init("chain_team.count", .integer, "Advisory teams dedicated to industry chains."),
    .init("chain_team.visits.floor", .integer, .atLeast, "Visits or matching events for each chain."),
    .init("steward.work_orders", .boolean, "Whether stewards (金融管家) handle requests by work order (责任工单)."),
    .init("steward.chains.count", .integer, "Industry chains whose parks are in the steward pilot."),
    .init("lead_bank.count", .integer, "Banks assigned to chains as lead banks (主办银行)."),
    .init("lead_bank.per_chain", .integer, "Lead banks of each chain."),
    .init("joint_credit.lead.count", .integer, "Lead banks of a joint credit (联合授信)."),
    .init("supply_chain.core_firm_white_list", .boolean, "Whether core firms of supply chains are white-listed."),
  ]

  static let products: [PolicyParameter] = [
    .init("product.amount.cap", .money, .atMost, "Largest amount of the product to one borrower."),
    .init("product.amount.cap_before", .money, .atMost, "The same before the product was improved."),
    .init("product.term.cap", .months, .atMost, "Longest term of the product."),
    .init("product.term.cap_before", .months, .atMost, "The same before the product was improved."),
    .init("product.rate.floor", .rate, "Lowest yearly interest rate of the product that the document names."),
    .init("product.rate.lpr_spread", .rate, "Lowest interest rate as a spread over the one-year LPR."),
    .init(
      "product.rate.discount.smallest", .rate, "Smallest interest-rate discount of the product, in ppm of principal."),
    .init(
      "product.rate.discount.largest", .rate, "Largest interest-rate discount of the product, in ppm of principal."),
    .init("product.all_in_cost.average", .rate, "Average yearly all-in cost of the product to the borrower."),
    .init("product.same_day", .boolean, "Whether it is applied for and disbursed on the same day."),
    .init("product.claim_cap_agreed", .boolean, "Whether the claim cap is agreed in advance."),
    .init("product.unsecured", .boolean, "Whether the product needs neither collateral nor guarantee."),
    .init(
      "grade_discount.rate.cap", .rate, .atMost, "Largest interest-rate discount by grade, as a share of the rate."),
    .init("grade_discount.bridge_fee", .rate, "Bridge-fee discount by grade, as a share of the fee."),
    .init("grade_incentives", .texts, "Incentives that grades AAA, AA and A earn."),
    .init("listing_reserve.grade.floor", .grade, .atLeast, "Grade from which a firm enters the listing reserve."),
    .init("process.steps", .integer, "Steps of an application."),
    .init("process.steps_before", .integer, "The same before it was simplified."),
    .init("process.handling.days", .days, "Time from application to decision or disbursement."),
    .init("process.handling.days_before", .days, "The same before it was simplified."),
    .init("process.documents", .integer, "Documents an applicant hands in."),
    .init("process.documents_before", .integer, "The same before it was simplified."),
    .init("process.calls", .integer, "Telephone calls of the fast track."),
    .init("process.reductions", .integer, "Reductions or waivers of the fast track."),
    .init("catalogue.products.count", .integer, "Products in the published catalogue."),
    .init("catalogue.categories.count", .integer, "Categories of the published catalogue."),
    .init("catalogue.required_fields", .texts, "What the catalogue standardises for each product."),
  ]

  static let advisers: [PolicyParameter] = [
    .init("adviser.term", .months, "Length of an adviser's appointment (聘期)."),
    .init("adviser.term.renewable", .boolean, "Whether the appointment may be prolonged."),
    .init("adviser.first_intake.count", .integer, "Advisers of the first intake."),
    .init("adviser.group.size", .integer, "Advisers in a working group."),
    .init("adviser.group.leader", .boolean, "Whether each group has a responsible leader."),
    .init("adviser.policy_group", .boolean, "Whether advisers from departments form a policy group of their own."),
    .init("adviser.firms.floor", .integer, .atLeast, "Firms one adviser serves, at least."),
    .init("adviser.firms.cap", .integer, .atMost, "Firms one adviser serves, at most."),
    .init("adviser.agreement_filed", .boolean, "Whether the service agreement is filed with the bureau."),
    .init("adviser.escalation", .texts, "Who answers a firm's question, in order."),
    .init("adviser.ledger.period", .months, "Months between ledgers and work notes of a group, due at month end."),
    .init("adviser.summary.period", .months, "Months between a group's summaries, due at quarter end."),
    .init("adviser.report.period", .months, "Months between a group's reports, due at year end."),
    .init("adviser.complaint.reply.days.cap", .days, .atMost, "Longest time to answer a complaint."),
    .init("adviser.fee_allowed", .boolean, "Whether an adviser may charge the firm anything."),
    .init("adviser.award.proportion", .rate, "Proportion of advisers named outstanding (优秀金融顾问)."),
    .init("adviser.award.points", .integer, "Evaluation points an outstanding adviser's institution gains."),
    .init("adviser.local_pool_allowed", .boolean, "Whether a city may build its own pool of advisers."),
  ]

  static let appraisal: [PolicyParameter] = [
    .init("appraisal.bulletin.period", .months, "Months between bulletins (一月一通报)."),
    .init("appraisal.ranking.period", .months, "Months between rankings (一季一排名)."),
    .init("appraisal.total.period", .months, "Months between total appraisals (年底总考核)."),
    .init("appraisal.criteria", .texts, "Criteria the document names."),
    .init("appraisal.npl_weight_raised", .boolean, "Whether the weight of non-performing loans was raised."),
    .init("appraisal.tied_to_fiscal_resources", .boolean, "Whether results are tied to fiscal resources."),
    .init("appraisal.in_institution_evaluation", .boolean, "Whether the work enters the institutions' evaluation."),
    .init("evaluation.score.floor", .integer, .atLeast, "Lowest total score in points."),
    .init("evaluation.score.cap", .integer, .atMost, "Highest total score in points."),
    .init(
      "evaluation.grades", .bands(axis: .integer, of: .integer), "Grade 1 to 4 by total score in points."),
    .init(
      "evaluation.regular_score.floor", .integer, .atLeast,
      "Regular score below which the grade is the worst whatever the bonus."),
    .init("ratio.credit_granted.definition", .text, "What 授信率 is: numerator over denominator."),
    .init("ratio.funds_in_place.definition", .text, "What 资金到位率 is: numerator over denominator."),
    .init("ratio.clamped", .boolean, "Whether these ratios are cut at 100 %."),
    .init("innovation_points.shared_with_banks", .boolean, "Whether firms' innovation points go to banks (创新积分制)."),
    .init("tech_flow_grading", .boolean, "Whether technology is graded beside money flow (技术流)."),
  ]

  static let listing: [PolicyParameter] = [
    .init("listing_subsidy.amount", .money, "Subsidy for listing on the board."),
    .init("listing_subsidy.stage_weights", .integers, "How the subsidy is split over the stages of a listing."),
    .init("reform_subsidy.share", .rate, "Share of the cost of a joint-stock reform that is subsidised."),
    .init("reform_subsidy.amount.cap", .money, .atMost, "Largest subsidy of a joint-stock reform."),
  ]
}
