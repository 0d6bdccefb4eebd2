package dev.slipway.standalone.kube;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The environment of a container, as a node makes it. */
final class Variables {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Z_]+)\\)");

  private final View view;
  private final Cluster cluster;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  /** What is not in manifests. */
  interface Cluster {
    /** A secret's value; nothing where there is no such secret or key. */
    @Nullable String secret(String name, String key);

    /** What a pod is told of itself; nothing where nobody knows the field. */
    @Nullable String field(String path);
  }

  private Variables(View view, Cluster cluster) {
    this.view = view;
    this.cluster = cluster;
  }

  static Variables of(View view, JsonNode container, Cluster cluster) {
    var variables = new Variables(view, cluster);
    container.path("env").forEach(variables::read);
    return variables;
  }

  Map<String, String> values() {
    return Collections.unmodifiableMap(values);
  }

  /**
   * Why a node would not start the container, or would start it with a variable as it is written.
   */
  List<String> problems() {
    return problems;
  }

  private void read(JsonNode env) {
    var name = env.path("name").asString();
    var from = env.path("valueFrom");
    if (env.has("value")) {
      values.put(name, expanded(name, env.path("value").asString()));
    } else if (from.has("secretKeyRef")) {
      var secret = from.path("secretKeyRef");
      put(
          name,
          cluster.secret(secret.path("name").asString(""), secret.path("key").asString("")),
          secret);
    } else if (from.has("fieldRef")) {
      var field = from.path("fieldRef");
      put(name, cluster.field(field.path("fieldPath").asString("")), field);
    } else {
      var setting = from.path("configMapKeyRef");
      var value = view.setting(setting.path("name").asString(""), setting.path("key").asString(""));
      put(name, value.isMissingNode() ? null : value.asString(), setting);
    }
  }

  private void put(String name, @Nullable String value, JsonNode reference) {
    if (value != null) {
      values.put(name, value);
    } else if (!reference.path("optional").asBoolean(false)) {
      problems.add(name + " comes from what is not there: " + reference);
    }
  }

  /** Only what was named before is replaced. */
  String expanded(String name, String value) {
    return REFERENCE
        .matcher(value)
        .replaceAll(found -> {
          var before = values.get(found.group(1));
          if (before == null) {
            problems.add(name + " names " + found.group() + ", which is not set before it");
          }
          return Matcher.quoteReplacement(String.valueOf(before));
        });
  }
}
