import ArgumentParser
import EvaluationRatings
import EvaluationRatingsAPI
import Foundation
import Kernel
import Protos
import SwiftProtobuf

struct ScorecardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scorecard", abstract: "Fit scorecards on data.", subcommands: [ScorecardFitCommand.self])
}

struct ScorecardFitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Fit a scorecard: bins, weights of evidence, logistic model, points, model card.",
    discussion: """
      Reads a plan (what the author decides) and a sample, and writes NAME.json, a CreateScorecardRequest for
      RatingService, and NAME.md, its model card. The same plan and sample give the same bytes; --check writes nothing
      and fails when the files differ. A sample is a CSV with the columns period, outcome (good, bad or empty), region,
      size and one for each characteristic; or the SBA file of data/sba.
      """)

  @Option(help: "The plan, JSON (data/scorecards/sba-2005.plan.json).")
  var plan: String

  @Option(help: "The sample, CSV.")
  var csv: String?

  @Option(help: "The sample, the gzipped SBA file (data/sba/sba-7a-loans.csv.gz).")
  var sba: String?

  @Option(help: "Path to write to, without its extension (data/scorecards/sba-2005).")
  var output: String

  @Flag(help: "Compare instead of writing.")
  var check = false

  func validate() throws {
    if (csv == nil) == (sba == nil) { throw ValidationError("give either --csv or --sba") }
  }

  func run() throws {
    let plan = try JSONDecoder().decode(ScorecardPlan.self, from: try Data(contentsOf: URL(filePath: plan)))
    let card = try ScorecardFit.fit(plan, try rows(plan))
    let files = [
      ("\(output).json", try ScorecardRequestFile.json(card)), ("\(output).md", ModelCardPage.markdown(card)),
    ]
    for (path, text) in files {
      if check {
        guard try String(contentsOfFile: path, encoding: .utf8) == text else {
          print("\(path) is not what the plan and the sample give")
          throw ExitCode.failure
        }
      } else {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
      }
    }
    for figure in card.card.figures {
      print(
        "\(figure.sample): \(figure.goods) good, \(figure.bads) bad, AUC \(figure.aucPPM) ppm, KS \(figure.ksPPM) ppm"
          + (figure.psiMicro.map { ", PSI \($0) micro" } ?? ""))
    }
  }

  private func rows(_ plan: ScorecardPlan) throws -> [FitRow] {
    if let csv { return try FitSampleCSV.rows([UInt8](try Data(contentsOf: URL(filePath: csv))), for: plan) }
    return try SBASample.rows(try SBABook.decompress(sba ?? ""))
  }
}
