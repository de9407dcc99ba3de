/// Where a demand stands. `DemandMachine.transitions` is the one table of what leads from one to the next.
package enum DemandState: String, Sendable, Hashable, CaseIterable {
  case submitted, assessed
  /// 难投.
  case hard
  case pushed, claimed, offered, signed, disbursed
  /// 销号.
  case closed
  case declined, withdrawn, expired

  /// The demand's own course has ended; a closed one can still be opened again.
  package var isFinal: Bool {
    switch self {
    case .closed, .withdrawn, .expired: true
    case .submitted, .assessed, .hard, .pushed, .claimed, .offered, .signed, .disbursed, .declined: false
    }
  }
}
