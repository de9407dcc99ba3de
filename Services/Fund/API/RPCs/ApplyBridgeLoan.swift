import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func applyBridgeLoan(
    request: ServerRequest<Huirong_Fund_V1_ApplyBridgeLoanRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BridgeLoan> {
    try await command(request, context) { message, call in
      var command = try ApplyBridgeLoan(
        id: Self.newID(call), programme: Wire.programme(message.programme), journey: message.journey,
        borrower: message.borrower, borrowerKind: Wire.code(message.borrowerKind, "borrower_kind"),
        borrowerSize: Wire.optionalCode(message.borrowerSize, "borrower_size"),
        grade: Wire.optionalCode(message.grade, "grade"), bank: message.bank, existingLoan: message.existingLoan,
        loanAccount: message.loanAccount,
        existingLoanAmount: Wire.money(
          message.hasExistingLoanAmount, message.existingLoanAmount, "existing_loan_amount"),
        amount: Wire.money(message.hasAmount, message.amount, "amount"),
        ownFunds: Wire.money(message.hasOwnFunds, message.ownFunds, "own_funds"),
        renewalDate: Wire.date(message.hasRenewalDate, message.renewalDate, "renewal_date"), purpose: message.purpose,
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
      command.ownFundsEvidence = Wire.evidence(message.ownFundsEvidence)
      return command
    }
  }
}
