import Kernel

/// What may be asked of a demand. The cases without payload name the rows of `DemandMachine.transitions`.
package enum DemandCommandKind: String, Sendable, Hashable, CaseIterable {
  case submit, assess, reassess, push, claim, offer, sign, disburse, close, decline, withdraw, expire
  case escalate, plan, invite, join, acknowledge, contact, pause, resume, miss, note, attach, reopen
}

package enum DemandCommand: Sendable, Hashable {
  case submit(SubmitDemand)
  case assess(AssessDemand)
  case reassess(AssessDemand)
  case push(PushDemand)
  case claim(ClaimDemand)
  case offer(OfferDemand)
  case sign(SignDemand)
  case disburse(RecordDisbursement)
  case close(CloseDemand)
  case decline(DeclineDemand)
  case withdraw(WithdrawDemand)
  case expire(ExpireDemand)
  case escalate(EscalateDemand)
  case plan(PlanImprovement)
  case invite(InviteInstitution)
  case join(JoinDemand)
  case acknowledge(AcknowledgeDemand)
  case contact(RecordContact)
  case pause(PauseDemand)
  case resume(ResumeDemand)
  case miss(MissClocks)
  case note(NoteDemand)
  case attach(AttachDocument)
  case reopen(ReopenDemand)

  package var kind: DemandCommandKind {
    switch self {
    case .submit: .submit
    case .assess: .assess
    case .reassess: .reassess
    case .push: .push
    case .claim: .claim
    case .offer: .offer
    case .sign: .sign
    case .disburse: .disburse
    case .close: .close
    case .decline: .decline
    case .withdraw: .withdraw
    case .expire: .expire
    case .escalate: .escalate
    case .plan: .plan
    case .invite: .invite
    case .join: .join
    case .acknowledge: .acknowledge
    case .contact: .contact
    case .pause: .pause
    case .resume: .resume
    case .miss: .miss
    case .note: .note
    case .attach: .attach
    case .reopen: .reopen
    }
  }

  /// The demand it is about; a submission brings the id of the one it makes.
  package var demandID: String {
    switch self {
    case .submit(let command): command.id
    case .assess(let command), .reassess(let command): command.demand
    case .push(let command): command.demand
    case .claim(let command): command.demand
    case .offer(let command): command.demand
    case .sign(let command): command.demand
    case .disburse(let command): command.demand
    case .close(let command): command.demand
    case .decline(let command): command.demand
    case .withdraw(let command): command.demand
    case .expire(let command): command.demand
    case .escalate(let command): command.demand
    case .plan(let command): command.demand
    case .invite(let command): command.demand
    case .join(let command): command.demand
    case .acknowledge(let command): command.demand
    case .contact(let command): command.demand
    case .pause(let command): command.demand
    case .resume(let command): command.demand
    case .miss(let command): command.demand
    case .note(let command): command.demand
    case .attach(let command): command.demand
    case .reopen(let command): command.demand
    }
  }

  /// Why, as the actor put it.
  package var reason: String {
    switch self {
    case .submit(let command): command.reason
    case .assess(let command), .reassess(let command): command.reason
    case .push(let command): command.reason
    case .claim(let command): command.reason
    case .offer(let command): command.reason
    case .sign(let command): command.reason
    case .disburse(let command): command.reason
    case .close(let command): command.note
    case .decline(let command): command.reason
    case .withdraw(let command): command.reason
    case .expire(let command): command.reason
    case .escalate(let command): command.reason
    case .plan(let command): command.reason
    case .invite(let command): command.reason
    case .join(let command): command.reason
    case .acknowledge(let command): command.reason
    case .contact(let command): command.reason
    case .pause(let command): command.reason
    case .resume(let command): command.reason
    case .attach(let command): command.reason
    case .reopen(let command): command.reason
    // The events say all.
    case .miss, .note: ""
    }
  }
}
