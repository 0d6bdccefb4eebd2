package dev.slipway.standalone.kube;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who may call whom, as the network policies of a view say. */
record Network(View view) {
  /**
   * One end of a connection.
   *
   * @param labels of a pod
   * @param namespace where it is another one than the view's; nothing for the view's own
   * @param outside whether it is no pod at all
   */
  record End(JsonNode labels, String namespace, boolean outside) {
    static End pod(String name) {
      return new End(
          JsonMapper.shared().createObjectNode().put("app.kubernetes.io/name", name), "", false);
    }

    static End in(String namespace) {
      return new End(JsonMapper.shared().createObjectNode(), namespace, false);
    }

    /** Somewhere on the internet. */
    static End internet() {
      return new End(JsonMapper.shared().createObjectNode(), "", true);
    }

    private boolean isOurs() {
      return namespace.isEmpty() && !outside;
    }
  }

  /** Whether both ends let them. */
  boolean allows(End from, End to, int port) {
    return (!from.isOurs() || passes("Egress", "egress", "to", from, to, port))
        && (!to.isOurs() || passes("Ingress", "ingress", "from", to, from, port));
  }

  private boolean passes(String type, String rules, String peers, End whose, End other, int port) {
    var about =
        view.ofKind("NetworkPolicy")
            .filter(policy -> hasType(policy, type))
            .filter(policy -> Selector.takes(policy.spec().path("podSelector"), whose.labels()))
            .toList();
    return about.isEmpty()
        || about.stream()
            .flatMap(policy -> Manifest.each(policy.spec().path(rules)))
            .anyMatch(rule -> fits(rule.path(peers), other) && fits(rule.path("ports"), port));
  }

  static boolean hasType(Manifest policy, String type) {
    return Manifest.each(policy.spec().path("policyTypes"))
        .anyMatch(each -> type.equals(each.asString()));
  }

  private static boolean fits(JsonNode peers, End other) {
    return peers.isEmpty() || Manifest.each(peers).anyMatch(peer -> is(peer, other));
  }

  private static boolean is(JsonNode peer, End other) {
    if (peer.has("ipBlock")) {
      return other.outside() && "0.0.0.0/0".equals(peer.at("/ipBlock/cidr").asString());
    }
    if (other.outside()) {
      return false;
    }
    var namespaces = peer.path("namespaceSelector");
    var inNamespace =
        namespaces.isMissingNode()
            ? other.namespace().isEmpty()
            : Selector.takes(
                namespaces,
                JsonMapper.shared()
                    .createObjectNode()
                    .put("kubernetes.io/metadata.name", other.namespace()));
    return inNamespace && Selector.takes(peer.path("podSelector"), other.labels());
  }

  private static boolean fits(JsonNode ports, int port) {
    return ports.isEmpty()
        || Manifest.each(ports)
            .filter(each -> "TCP".equals(each.path("protocol").asString("TCP")))
            .anyMatch(each ->
                port >= each.path("port").asInt()
                    && port <= each.path("endPort").asInt(each.path("port").asInt()));
  }

  /** Ports that a policy opens to its pods. */
  static List<Integer> opened(Manifest policy) {
    return Manifest.each(policy.spec().path("ingress"))
        .flatMap(rule -> Manifest.each(rule.path("ports")))
        .filter(port -> !port.has("endPort"))
        .map(port -> port.path("port").asInt())
        .toList();
  }

  /** Ports that a workload's containers listen on. */
  static Stream<Integer> listens(Manifest workload) {
    return workload
        .containers()
        .flatMap(container -> Manifest.each(container.path("ports")))
        .map(port -> port.path("containerPort").asInt());
  }
}
