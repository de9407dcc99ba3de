package import Kernel
package import Protos

extension Rate {
  package init(_ proto: Huirong_Common_V1_Rate) { self.init(ppm: proto.ppm) }

  /// A rate within bounds, both inclusive.
  /// - Throws: `INVALID_ARGUMENT` naming `field.ppm`.
  package init(
    _ proto: Huirong_Common_V1_Rate, in bounds: ClosedRange<Rate> = .zero ... .one, field: String
  ) throws(DomainError) {
    self.init(ppm: proto.ppm)
    guard bounds.contains(self) else {
      throw .invalid(
        "\(field).ppm", "must lie between \(bounds.lowerBound.ppm) and \(bounds.upperBound.ppm), not \(proto.ppm)")
    }
  }
}

extension Huirong_Common_V1_Rate {
  package init(_ rate: Rate) {
    self.init()
    ppm = rate.ppm
  }
}
