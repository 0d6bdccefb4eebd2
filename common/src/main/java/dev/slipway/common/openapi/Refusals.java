package dev.slipway.common.openapi;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The problem details that an operation can answer, by status. */
final class Refusals {
  /** The extension that names an answer's codes, for programs. */
  static final String CODES = "x-codes";

  private static final String SCHEMA = "ProblemDetail";

  private Refusals() {}

  /** What all of them look like. */
  static Map<String, Schema<?>> schemas() {
    var problem = Schemas.of("object");
    problem.setDescription("RFC 9457 problem details; `code` is stable, `detail` is for people");
    problem.setProperties(
        Map.of(
            "type", Schemas.of("string"),
            "title", Schemas.of("string"),
            "status", Schemas.of("integer"),
            "detail", Schemas.of("string"),
            "instance", Schemas.of("string"),
            "code", Schemas.of("string")));
    problem.setRequired(List.of("status", "code"));
    return Map.of(SCHEMA, problem);
  }

  /** Adds codes to what the operation answers with that status. */
  static void add(Operation operation, int status, String... codes) {
    if (operation.getResponses() == null) {
      operation.setResponses(new ApiResponses());
    }
    var answer =
        operation.getResponses().computeIfAbsent(String.valueOf(status), s -> new ApiResponse());
    var all = new TreeSet<>(codesOf(answer));
    all.addAll(List.of(codes));
    answer.addExtension(CODES, List.copyOf(all));
    answer.setDescription(
        all.stream().map(code -> "`" + code + "`").collect(Collectors.joining(", ")));
    answer.setContent(
        new Content()
            .addMediaType(
                "application/problem+json",
                new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + SCHEMA))));
  }

  private static List<String> codesOf(ApiResponse answer) {
    var extensions = answer.getExtensions();
    return extensions != null && extensions.get(CODES) instanceof List<?> codes
        ? codes.stream().map(String::valueOf).toList()
        : List.of();
  }
}
