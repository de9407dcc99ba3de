import ArgumentParser

@main
struct HuirongCtl: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "huirongctl",
    abstract: "Calls, checks and demonstrates the Huirong suite.",
    discussion: """
      Talks PlainRPC to the services; --address overrides where. In development mode (make up) name who you are with
      --as 'organisation=…;role=…;region=…;subject=…'; otherwise give an API key with --key or HUIRONG_KEY.
      """,
    subcommands: [
      Call.self, Load.self, List.self, Describe.self, Verify.self, Ready.self, Demo.self, Up.self, Down.self,
      ScorecardCommand.self, CatalogCommand.self,
    ])
}
