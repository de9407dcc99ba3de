import EvaluationDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension Institution {
  init(_ proto: Huirong_Evaluation_V1_Institution, field: String, now: Instant) throws(DomainError) {
    if proto.hasCreateTime { throw .invalid("\(field).create_time", "output only") }
    if proto.registeredByFeed { throw .invalid("\(field).registered_by_feed", "output only") }
    self.init(
      id: try ResourceName.id(of: proto.name, in: "institutions", field: "\(field).name"), title: proto.title,
      peerGroup: proto.peerGroup, regionCode: proto.regionCode, type: proto.type, firstYear: Int(proto.firstYear),
      employerID: proto.employerID, createTime: now)
  }
}

extension Huirong_Evaluation_V1_Institution {
  init(_ institution: Institution) {
    self.init()
    name = "institutions/\(institution.id)"
    title = institution.title
    peerGroup = institution.peerGroup
    regionCode = institution.regionCode
    type = institution.type
    firstYear = Int32(institution.firstYear)
    registeredByFeed = institution.registeredByFeed
    employerID = institution.employerID
    createTime = Google_Protobuf_Timestamp(institution.createTime)
  }
}
