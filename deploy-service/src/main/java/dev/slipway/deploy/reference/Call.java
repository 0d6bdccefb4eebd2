package dev.slipway.deploy.reference;

import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * A call as people read of it.
 *
 * @param roles that may call; empty where no token is needed
 * @param example of a body; empty where there is none
 */
public record Call(
    String method,
    String path,
    String id,
    String summary,
    List<String> roles,
    List<Parameter> parameters,
    String example,
    List<Answer> answers) {
  /**
   * What goes into the address or a header.
   *
   * @param form its type and bounds
   */
  public record Parameter(String name, String in, boolean required, String form) {}

  /** What may be answered. */
  public record Answer(String status, String text) {}

  /**
   * Reads one of a document's operations.
   *
   * @param document holds what the operation refers to
   */
  static Call of(JsonNode document, String path, String method, JsonNode operation) {
    return new Call(
        method.toUpperCase(Locale.ROOT),
        path,
        operation.path("operationId").asString(""),
        operation.path("summary").asString(""),
        operation.path("x-roles").valueStream().map(JsonNode::asString).toList(),
        operation.path("parameters").valueStream().map(Call::parameter).toList(),
        example(document, operation),
        operation
            .path("responses")
            .propertyStream()
            .map(answer ->
                new Answer(
                    answer.getKey(),
                    answer.getValue().path("description").asString("").replace("`", "")))
            .toList());
  }

  private static Parameter parameter(JsonNode parameter) {
    return new Parameter(
        parameter.path("name").asString(""),
        parameter.path("in").asString(""),
        parameter.path("required").asBoolean(false),
        form(parameter.path("schema")));
  }

  private static String form(JsonNode schema) {
    var form = new StringBuilder(schema.path("type").asString(""));
    if (schema.has("minimum") || schema.has("maximum")) {
      form.append(" ")
          .append(schema.path("minimum").asString(""))
          .append(" to ")
          .append(schema.path("maximum").asString(""));
    }
    if (schema.has("enum")) {
      form.append(" ")
          .append(
              String.join(
                  ", ", schema.path("enum").valueStream().map(JsonNode::asString).toList()));
    }
    if (schema.has("pattern")) {
      form.append(" ").append(schema.path("pattern").asString(""));
    }
    return form.toString();
  }

  private static String example(JsonNode document, JsonNode operation) {
    var schema =
        operation.path("requestBody").path("content").path("application/json").path("schema");
    var name = schema.path("$ref").asString("").replaceFirst(".*/", "");
    var example = document.path("components").path("schemas").path(name).path("example");
    return example.isMissingNode() ? "" : example.toString();
  }
}
