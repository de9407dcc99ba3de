import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  package func createTask(
    request: ServerRequest<Huirong_Evaluation_V1_CreateTaskRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Task> {
    try await edge.command(request, context) { (task: ChallengeTask) in
      Huirong_Evaluation_V1_Task(task)
    } _: { message, command in
      try Require.set(message.hasTask, "task")
      return try await commands.createTask(
        try ChallengeTask(message.task, poster: command.caller, now: command.now), envelope: command.envelope,
        encode: command.encode)
    }
  }

  package func claimTask(
    request: ServerRequest<Huirong_Evaluation_V1_ClaimTaskRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Task> {
    try await edge.command(request, context) { (task: ChallengeTask) in
      Huirong_Evaluation_V1_Task(task)
    } _: { message, command in
      try Require.text(message.plan, "plan", maximum: ChallengeTask.maximumTextLength)
      return try await change(message.name, message.etag, .claim(plan: message.plan), command)
    }
  }

  package func reportTask(
    request: ServerRequest<Huirong_Evaluation_V1_ReportTaskRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Task> {
    try await edge.command(request, context) { (task: ChallengeTask) in
      Huirong_Evaluation_V1_Task(task)
    } _: { message, command in
      try Require.text(message.result, "result", maximum: ChallengeTask.maximumTextLength)
      var evidence = ""
      if message.hasEvidence {
        try Require.text(message.evidence.kind, "evidence.kind", maximum: 64)
        try Require.text(message.evidence.reference, "evidence.reference", maximum: FactInput.maximumEvidenceLength)
        evidence = "\(message.evidence.kind) \(message.evidence.reference)"
      }
      return try await change(message.name, message.etag, .report(result: message.result, evidence: evidence), command)
    }
  }

  package func judgeTask(
    request: ServerRequest<Huirong_Evaluation_V1_JudgeTaskRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Task> {
    try await edge.command(request, context) { (task: ChallengeTask) in
      Huirong_Evaluation_V1_Task(task)
    } _: { message, command in
      let accepted: Bool
      switch try Require.value(message.decision, "decision") {
      case .accepted: accepted = true
      case .failed: accepted = false
      default: throw DomainError.invalid("decision", "TASK_STATE_ACCEPTED or TASK_STATE_FAILED")
      }
      try Require.text(message.reason, "reason", maximum: ChallengeTask.maximumTextLength)
      return try await change(
        message.name, message.etag, .judge(accepted: accepted, reason: message.reason), command)
    }
  }

  private func change(
    _ name: String, _ etag: String, _ step: TaskStep, _ command: CommandCall<ChallengeTask>
  ) async throws -> CommandReply<ChallengeTask> {
    try await commands.changeTask(
      id: try ResourceName.id(of: name, in: "tasks"), etag: etag, step, envelope: command.envelope,
      encode: command.encode)
  }

  package func getTask(
    request: ServerRequest<Huirong_Evaluation_V1_GetTaskRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Task> {
    try await edge.unary(request, context) { message, _ in
      Huirong_Evaluation_V1_Task(try await queries.task(id: try ResourceName.id(of: message.name, in: "tasks")))
    }
  }

  package func listTasks(
    request: ServerRequest<Huirong_Evaluation_V1_ListTasksRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ListTasksResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      try Require.known(message.state, "state")
      let found = try await queries.tasks(
        TaskFilter(state: ChallengeTask.State(message.state), claimRegion: message.claimRegion), after: page.cursor,
        limit: page.size)
      var response = Huirong_Evaluation_V1_ListTasksResponse()
      response.tasks = found.items.map(Huirong_Evaluation_V1_Task.init)
      response.nextPageToken = found.token(page)
      return response
    }
  }
}
