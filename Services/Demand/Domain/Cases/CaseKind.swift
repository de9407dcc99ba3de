/// What a case is about. Raw values are what stores and logs keep; `CaseTable` says what each kind asks for.
package enum CaseKind: String, Sendable, Hashable, CaseIterable {
  case visit, adviser
  case adviserGroup = "adviser_group"
  case pairing, question, complaint, park
  case workOrder = "work_order"
  case chainTeam = "chain_team"
  case dutyMonth = "duty_month"
  case matchingEvent = "matching_event"
  case eventDeal = "event_deal"
  case whiteListEntry = "white_list_entry"
  case listingEntry = "listing_entry"
  case riskEntry = "risk_entry"
  case publicLead = "public_lead"
  case collateralTask = "collateral_task"
  case diligenceFile = "diligence_file"
  case meetingDecision = "meeting_decision"
  case notice
  case firstLoanTarget = "first_loan_target"
  case renewal, sweep, report
}
