package dev.slipway.standalone.kube;

import tools.jackson.databind.JsonNode;

/** What a label selector takes. */
final class Selector {
  private Selector() {}

  /** Whether the labels are what is asked for; an empty selector takes everything. */
  static boolean takes(JsonNode selector, JsonNode labels) {
    var equal =
        selector.path("matchLabels").properties().stream()
            .allMatch(label -> label.getValue().equals(labels.path(label.getKey())));
    return equal
        && Manifest.each(selector.path("matchExpressions"))
            .allMatch(expression -> holds(expression, labels));
  }

  private static boolean holds(JsonNode expression, JsonNode labels) {
    if (!"In".equals(expression.path("operator").asString(""))) {
      throw new AssertionError("this test knows the operator In alone: " + expression);
    }
    return Manifest.each(expression.path("values"))
        .anyMatch(value -> value.equals(labels.path(expression.path("key").asString())));
  }
}
