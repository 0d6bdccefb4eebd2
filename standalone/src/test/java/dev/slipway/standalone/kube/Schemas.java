package dev.slipway.standalone.kube;

import com.google.gson.JsonElement;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1DaemonSet;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Holds a manifest against the schema of its kind. */
final class Schemas {
  /** Throws where the document is none of that kind. */
  @FunctionalInterface
  private interface Schema {
    void check(JsonElement document) throws IOException;
  }

  private static final Map<String, Schema> KUBERNETES =
      Map.ofEntries(
          Map.entry("v1 ConfigMap", V1ConfigMap::validateJsonElement),
          Map.entry("v1 Namespace", V1Namespace::validateJsonElement),
          Map.entry("v1 PersistentVolumeClaim", V1PersistentVolumeClaim::validateJsonElement),
          Map.entry("v1 Service", V1Service::validateJsonElement),
          Map.entry("v1 ServiceAccount", V1ServiceAccount::validateJsonElement),
          Map.entry("apps/v1 DaemonSet", V1DaemonSet::validateJsonElement),
          Map.entry("apps/v1 Deployment", V1Deployment::validateJsonElement),
          Map.entry("apps/v1 StatefulSet", V1StatefulSet::validateJsonElement),
          Map.entry("batch/v1 Job", V1Job::validateJsonElement),
          Map.entry(
              "autoscaling/v2 HorizontalPodAutoscaler",
              V2HorizontalPodAutoscaler::validateJsonElement),
          Map.entry("networking.k8s.io/v1 Ingress", V1Ingress::validateJsonElement),
          Map.entry("networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::validateJsonElement),
          Map.entry("policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement));

  /** What KEDA's own documents name; it has no classes here. */
  private static final Map<String, Set<String>> KEDA =
      Map.of(
          "keda.sh/v1alpha1 ScaledObject",
          Set.of(
              "scaleTargetRef",
              "pollingInterval",
              "cooldownPeriod",
              "initialCooldownPeriod",
              "idleReplicaCount",
              "minReplicaCount",
              "maxReplicaCount",
              "fallback",
              "advanced",
              "triggers"),
          "keda.sh/v1alpha1 TriggerAuthentication",
          Set.of("secretTargetRef", "env", "podIdentity"));

  private static final Set<String> TRIGGER =
      Set.of("type", "metadata", "name", "metricType", "authenticationRef", "useCachedMetrics");

  /** Of the trigger for PostgreSQL, whose values are texts, whatever they look like. */
  private static final Set<String> POSTGRESQL =
      Set.of(
          "query",
          "targetQueryValue",
          "activationTargetQueryValue",
          "host",
          "userName",
          "port",
          "dbName",
          "sslmode",
          "passwordFromEnv",
          "connectionFromEnv");

  private Schemas() {}

  /** What is wrong with a manifest; nothing when it is well. */
  static List<String> problems(Manifest manifest) {
    var problems = new ArrayList<String>();
    var schema = KUBERNETES.get(manifest.type());
    var keda = KEDA.get(manifest.type());
    if (schema != null) {
      try {
        schema.check(manifest.gson());
      } catch (IOException | RuntimeException refused) {
        problems.add(String.valueOf(refused.getMessage()));
      }
    } else if (keda != null) {
      unknown("spec", manifest.spec(), keda, problems);
      Manifest.each(manifest.spec().path("triggers")).forEach(t -> trigger(t, problems));
      scaled(manifest, problems);
    } else {
      problems.add(manifest.type() + " is not known to this test");
    }
    texts(manifest.json(), problems);
    quantities(manifest.json(), problems);
    return problems.stream().map(problem -> manifest + ": " + problem).toList();
  }

  private static void scaled(Manifest manifest, List<String> problems) {
    if (manifest.kind().equals("ScaledObject")) {
      for (var required : List.of("scaleTargetRef", "triggers")) {
        if (manifest.spec().path(required).isEmpty()) {
          problems.add("spec." + required + " must be there");
        }
      }
      for (var count : List.of("minReplicaCount", "maxReplicaCount", "pollingInterval")) {
        if (!manifest.spec().path(count).isInt()) {
          problems.add("spec." + count + " must be a number");
        }
      }
    }
  }

  private static void trigger(JsonNode trigger, List<String> problems) {
    unknown("trigger", trigger, TRIGGER, problems);
    if (!"postgresql".equals(trigger.path("type").asString(""))) {
      problems.add("triggers are of type postgresql");
    }
    unknown("trigger's metadata", trigger.path("metadata"), POSTGRESQL, problems);
    for (var required : List.of("query", "targetQueryValue")) {
      if (!trigger.path("metadata").path(required).isString()) {
        problems.add("trigger's " + required + " must be a text");
      }
    }
  }

  private static void unknown(
      String where, JsonNode object, Set<String> known, List<String> problems) {
    object.propertyNames().stream()
        .filter(name -> !known.contains(name))
        .forEach(name -> problems.add(where + " has no field " + name));
  }

  /** Labels, annotations, data and values of variables are texts: a bare number or true is none. */
  private static void texts(JsonNode node, List<String> problems) {
    for (var field : node.properties()) {
      if (Set.of("labels", "annotations", "matchLabels", "nodeSelector", "data")
          .contains(field.getKey())) {
        field.getValue().properties().stream()
            .filter(entry -> !entry.getValue().isString())
            .forEach(entry -> problems.add(field.getKey() + "." + entry.getKey() + " is no text"));
      }
      if (field.getKey().equals("env")) {
        Manifest.each(field.getValue())
            .filter(env -> env.has("value") && !env.path("value").isString())
            .forEach(env -> problems.add(env.path("name").asString() + " is no text"));
      }
      texts(field.getValue(), problems);
    }
    if (node.isArray()) {
      node.forEach(element -> texts(element, problems));
    }
  }

  private static void quantities(JsonNode node, List<String> problems) {
    for (var field : node.properties()) {
      if (Set.of("requests", "limits").contains(field.getKey())) {
        for (var quantity : field.getValue().properties()) {
          try {
            new Quantity(quantity.getValue().asString(""));
          } catch (RuntimeException refused) {
            problems.add(quantity.getKey() + " of " + quantity.getValue() + " is no quantity");
          }
        }
      }
      quantities(field.getValue(), problems);
    }
    if (node.isArray()) {
      node.forEach(element -> quantities(element, problems));
    }
  }
}
