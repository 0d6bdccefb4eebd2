package dev.slipway.standalone;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What every call's description must have. */
@NullMarked
final class ApiRules {
  private final String service;
  private final JsonNode document;
  private final Set<String> codes;
  private final Set<String> ids = new HashSet<>();
  private final List<String> broken = new ArrayList<>();

  private ApiRules(String service, JsonNode document, Set<String> codes) {
    this.service = service;
    this.document = document;
    this.codes = codes;
  }

  /** A call of a document. */
  record Operation(String method, String path, JsonNode described) {}

  /** All of them. */
  static List<Operation> operations(JsonNode document) {
    return document
        .path("paths")
        .propertyStream()
        .flatMap(path ->
            path.getValue()
                .propertyStream()
                .map(method -> new Operation(method.getKey(), path.getKey(), method.getValue())))
        .toList();
  }

  /** What a service's document lacks, a line each. */
  static List<String> brokenBy(String service, JsonNode document) throws IOException {
    var rules = new ApiRules(service, document, ProblemCodes.documented());
    rules.require(
        document.path("openapi").asString("").startsWith("3.1"), "document", "is not OpenAPI 3.1");
    operations(document).forEach(rules::check);
    return rules.broken;
  }

  private void check(Operation operation) {
    var call = operation.method() + " " + operation.path();
    var described = operation.described();
    var id = described.path("operationId").asString("");
    require(id.matches("[a-z][A-Za-z]+") && ids.add(id), call, "has no operation id of its own");
    var summary = described.path("summary").asString("");
    require(summary.length() >= 10 && summary.length() <= 100, call, "has no summary");
    var roles = described.path("x-roles");
    require(roles.isArray(), call, "does not say who may call");
    require(roles.isEmpty() == described.path("security").isArray(), call, "contradicts itself");
    described.path("parameters").forEach(parameter -> bounds(call, parameter));
    answers(call, described, !roles.isEmpty());
    if (roles.valueStream().anyMatch(role -> role.asString().equals("admin"))) {
      require(
          described.path("requestBody").isMissingNode() || example(document, described) != null,
          call,
          "has no example of its body");
    }
  }

  private void bounds(String call, JsonNode parameter) {
    var schema = parameter.path("schema");
    require(
        !schema.path("type").asString("").equals("integer")
            || schema.path("format").asString("").equals("int64")
            || parameter.path("name").asString("").matches("wait|attempt|pieceLength")
            || (schema.has("minimum") && schema.has("maximum")),
        call,
        parameter.path("name") + " has no bounds");
  }

  private void answers(String call, JsonNode described, boolean guarded) {
    var answers = described.path("responses");
    require(
        answers.propertyStream().anyMatch(a -> a.getKey().startsWith("2")), call, "has no answer");
    require(answers.has("500"), call, "does not say what a fault looks like");
    require(
        !guarded || (answers.has("401") && answers.has("403")),
        call,
        "does not say who is refused");
    answers
        .propertyStream()
        .filter(answer -> answer.getKey().compareTo("400") >= 0)
        .forEach(answer -> {
          var told =
              answer.getValue().path("x-codes").valueStream().map(JsonNode::asString).toList();
          require(
              !told.isEmpty() && codes.containsAll(told),
              call,
              answer.getKey() + " has codes that docs/api.md does not list: " + told);
        });
  }

  /** The example of a call's body; null where there is none. */
  static @Nullable JsonNode example(JsonNode document, JsonNode described) {
    var name =
        described
            .path("requestBody")
            .path("content")
            .path("application/json")
            .path("schema")
            .path("$ref")
            .asString("")
            .replaceFirst(".*/", "");
    var example = document.path("components").path("schemas").path(name).path("example");
    return example.isObject() ? example : null;
  }

  private void require(boolean holds, String call, String otherwise) {
    if (!holds) {
      broken.add(service + ": " + call + " " + otherwise);
    }
  }
}
