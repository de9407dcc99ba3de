import GatewayConsole
import Protos
import SwiftProtobuf
import Testing

@Suite("The console's page")
struct ConsolePageTests {
  @Test("shows sums and titles, and escapes every value that came from outside")
  func escapes() {
    var overview = ConsoleOverview()
    overview.pools = [
      .with {
        $0.displayName = "<script>alert('x')</script>&\""
        $0.currencyCode = "CNY"
        $0.cash.minorUnits = 123_456_789
        $0.seedCapital.minorUnits = -5
      }
    ]
    overview.products = [.with { $0.title.zh = "国担快贷" }]
    let html = ConsolePage(overview).html()
    #expect(!html.contains("<script>"))
    #expect(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;"))
    #expect(html.contains("1,234,567.89"))
    #expect(html.contains("−0.05"))
    #expect(html.contains("国担快贷"))
  }

  @Test("says which service it has no data from")
  func absent() {
    let html = ConsolePage(ConsoleOverview()).html()
    for service in ["demand", "fund", "evaluation"] { #expect(html.contains("no data from the \(service) service")) }
  }

  @Test("draws the funnel in proportion to its widest stage and rates above 100 % unclamped")
  func funnel() {
    var overview = ConsoleOverview()
    overview.demands = .with {
      $0.total.reached = [
        .with {
          $0.state = .submitted
          $0.count = 200
        },
        .with {
          $0.state = .closed
          $0.count = 50
        },
      ]
      $0.total.amounts = [
        .with {
          $0.currencyCode = "CNY"
          $0.grantedRate.ppm = 1_080_000
        }
      ]
    }
    let html = ConsolePage(overview).html()
    #expect(html.contains("width:100%"))
    #expect(html.contains("width:25%"))
    #expect(html.contains("108.00 %"))
  }
}
