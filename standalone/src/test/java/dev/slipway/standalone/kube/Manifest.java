package dev.slipway.standalone.kube;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One object of Kubernetes, as it is written.
 *
 * @param yaml as the parser gave it
 * @param json the same, to walk through
 */
record Manifest(Map<?, ?> yaml, JsonNode json) {
  /** The label that says what a pod is. */
  private static final String NAME = "app.kubernetes.io/name";

  static Manifest of(Map<?, ?> yaml) {
    return new Manifest(yaml, JsonMapper.shared().valueToTree(yaml));
  }

  String type() {
    return json.path("apiVersion").asString("") + " " + kind();
  }

  String kind() {
    return json.path("kind").asString("");
  }

  String name() {
    return json.path("metadata").path("name").asString("");
  }

  JsonNode spec() {
    return json.path("spec");
  }

  /** Whether it makes pods. */
  boolean isWorkload() {
    return json.at("/spec/template/spec/containers").isArray();
  }

  /** Whether its pods are machines. */
  boolean isMachine() {
    return podLabels().path(NAME).asString("").equals("machine-agent");
  }

  /** Whether its pods answer calls, as all of ours do but machines and what ends by itself. */
  boolean isServer() {
    return !isMachine() && !kind().equals("Job");
  }

  /** What its pods are. */
  JsonNode pod() {
    return json.at("/spec/template/spec");
  }

  JsonNode podLabels() {
    return json.at("/spec/template/metadata/labels");
  }

  Stream<JsonNode> containers() {
    return Stream.concat(each(pod().path("initContainers")), each(pod().path("containers")));
  }

  /** Its containers that are ours. */
  Stream<JsonNode> ours() {
    return containers().filter(container -> !module(container).isEmpty());
  }

  /** The module whose image a container runs, or nothing where it is somebody else's. */
  static String module(JsonNode container) {
    return container
        .path("image")
        .asString("")
        .transform(image ->
            image.contains("slipway/")
                ? image.replaceFirst("^.*slipway/", "").replaceFirst(":.*$", "")
                : "");
  }

  /** The ports of a container by their names. */
  static Map<String, Integer> ports(JsonNode container) {
    var ports = new HashMap<String, Integer>();
    each(container.path("ports"))
        .forEach(
            port -> ports.put(port.path("name").asString(), port.path("containerPort").asInt()));
    return ports;
  }

  JsonElement gson() {
    return new Gson().toJsonTree(yaml);
  }

  static Stream<JsonNode> each(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  @Override
  public String toString() {
    return kind() + " " + name();
  }
}
