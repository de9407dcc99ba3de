/// A scorecard's model card as a page to read (Markdown). Every number in it is one of the scorecard's own.
package enum ModelCardPage {
  package static func markdown(_ card: Scorecard) -> String {
    var lines = [
      "# \(card.titleEN)", "", card.titleZH, "",
      "| | |", "|---|---|",
      "| Scorecard | `\(card.id)` |", "| Data | \(card.card.data) |", "| Period | \(card.card.period) |",
      "| Target | \(card.card.target) |",
    ]
    if let scaling = card.scaling {
      lines.append(
        "| Scaling | \(scaling.basePoints) points are \(scaling.baseOdds) goods for each bad; "
          + "\(scaling.pointsToDoubleOdds) more points double the odds |")
    }
    lines += ["| Cut-offs | \(text(card.cutoffSource)) |", ""]
    lines += figures(card) + grades(card) + limits(card) + fairness(card) + characteristics(card)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func figures(_ card: Scorecard) -> [String] {
    guard !card.card.figures.isEmpty else { return [] }
    var lines = [
      "## Figures", "", "| sample | goods | bads | bad rate | AUC | KS | PSI of the grades |",
      "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for figure in card.card.figures {
      let rate = PPM.share(figure.bads, of: figure.goods + figure.bads)
      lines.append(
        "| \(figure.sample) | \(figure.goods) | \(figure.bads) | \(percent(rate)) | \(decimal(figure.aucPPM)) "
          + "| \(decimal(figure.ksPPM)) | \(figure.psiMicro.map(decimal) ?? "") |")
    }
    return lines + [""]
  }

  private static func grades(_ card: Scorecard) -> [String] {
    var lines = [
      "## Grades", "", "| grade | points from | goods (development) | bads | bad rate |", "|---|--:|--:|--:|--:|",
    ]
    for cut in card.grades {
      lines.append(
        "| \(cut.grade) | \(cut.minimum.map(String.init) ?? "") | \(cut.goods) | \(cut.bads) "
          + "| \(percent(PPM.share(cut.bads, of: cut.goods + cut.bads))) |")
    }
    if !card.platformGrades.isEmpty {
      let cuts = card.platformGrades.map { cut in "\(cut.grade.rawValue) \(cut.minimum.map { "from \($0)" } ?? "below")"
      }
      lines += ["", "Platform's grades: " + cuts.joined(separator: ", ") + "."]
    }
    return lines + [""]
  }

  private static func limits(_ card: Scorecard) -> [String] {
    ["## Limits of use", ""] + card.card.limits.map { "- \($0)" } + [""]
  }

  private static func fairness(_ card: Scorecard) -> [String] {
    var lines = ["## Fairness", "", card.card.fairness, ""]
    guard !card.card.groups.isEmpty else { return lines }
    lines += [
      "| by | group | firms | approved | approval rate | ratio to the largest group | bad rate | bad rate of the approved |",
      "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for group in card.card.groups {
      lines.append(
        "| \(group.dimension) | \(group.group) | \(group.count) | \(group.approved) | \(percent(group.approvalRatePPM)) "
          + "| \(group.approvalRatioPPM.map(decimal) ?? "") | \(percent(group.badRatePPM)) "
          + "| \(percent(group.approvedBadRatePPM)) |")
    }
    return lines + [""]
  }

  private static func characteristics(_ card: Scorecard) -> [String] {
    var lines = ["## Characteristics", "", "Every firm begins with \(card.constantPoints) points.", ""]
    for characteristic in card.characteristics {
      lines.append("### \(characteristic.titleEN) · \(characteristic.titleZH)")
      lines.append("")
      var facts = [text(characteristic.source)]
      if !characteristic.unit.isEmpty { facts.append("Unit: \(characteristic.unit).") }
      if let value = characteristic.informationValueMicro { facts.append("Information value \(decimal(value)).") }
      if let value = characteristic.coefficientMicro { facts.append("Coefficient \(decimal(value)).") }
      lines += [facts.joined(separator: " "), ""]
      let isFitted = characteristic.bins.contains { $0.woeMicro != nil }
      lines +=
        isFitted
        ? ["| bin | goods | bads | weight of evidence | points |", "|---|--:|--:|--:|--:|"]
        : ["| bin | points |", "|---|--:|"]
      for bin in characteristic.bins {
        lines.append(
          isFitted
            ? "| \(bin.label) | \(bin.goods) | \(bin.bads) | \(bin.woeMicro.map(decimal) ?? "") | \(bin.points) |"
            : "| \(bin.label) | \(bin.points) |")
      }
      lines.append("")
    }
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  private static func text(_ source: RatingSource) -> String {
    switch source {
    case .document(_, let document, let article, let quote):
      "Stated by \(document), \(article)" + (quote.isEmpty ? "." : ": “\(quote)”.")
    case .ownChoice(let reason): "The example's own choice: \(reason)"
    }
  }

  /// Micro-units or parts per million with four decimals, rounded half away from zero.
  private static func decimal(_ micro: Int64) -> String {
    let rounded = (micro.magnitude + 50) / 100
    let fraction = "\(rounded % 10_000)"
    return (micro < 0 && rounded > 0 ? "−" : "") + "\(rounded / 10_000)."
      + String(repeating: "0", count: 4 - fraction.count) + fraction
  }

  private static func percent(_ ppm: Int64?) -> String {
    guard let ppm else { return "" }
    let tenths = (ppm.magnitude + 500) / 1000
    return "\(tenths / 10).\(tenths % 10) %"
  }
}
