package dev.slipway.standalone.kube;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds what addresses in manifests mean: a service or its pod in the cluster, by its name and
 * port; what the ingress gives a host to; a bucket; the database.
 *
 * @param ports where each workload listens on this host
 * @param bucket the folder that stands for a bucket's name
 * @param database JDBC address
 */
record Neighbours(
    View view, Map<String, Integer> ports, Function<String, URI> bucket, String database) {
  private static final Pattern DATABASE = Pattern.compile("jdbc:postgresql:.*");
  private static final Pattern BUCKET = Pattern.compile("gs://([a-z0-9-]+)");
  private static final Pattern ADDRESS = Pattern.compile("(https?)://([a-z0-9.-]+)(?::(\\d+))?");

  /**
   * A text in which every address is one of this host.
   *
   * @throws AssertionError for an address where nobody listens
   */
  String local(String text) {
    var stored =
        BUCKET
            .matcher(DATABASE.matcher(text).replaceAll(Matcher.quoteReplacement(database)))
            .replaceAll(found -> Matcher.quoteReplacement(bucket.apply(found.group(1)).toString()));
    return ADDRESS
        .matcher(stored)
        .replaceAll(found ->
            "http://127.0.0.1:"
                + port(found.group(2), Optional.ofNullable(found.group(3)).map(Integer::valueOf)));
  }

  private int port(String host, Optional<Integer> port) {
    var service = port.isPresent() ? inCluster(host, port.get()) : byIngress(host);
    var pods =
        view.workloads()
            .filter(workload -> service.map(s -> takes(s, workload)).orElse(false))
            .map(workload -> ports.get(workload.name()))
            .findFirst();
    return pods.orElseThrow(() -> new AssertionError("nobody listens at " + host + " " + port));
  }

  /** As SERVICE, or POD.SERVICE, with a namespace behind it or not. */
  private Optional<Manifest> inCluster(String host, int port) {
    return Stream.of(host.split("\\."))
        .limit(2)
        .flatMap(name -> view.find("Service", name).stream())
        .filter(service ->
            Manifest.each(service.spec().path("ports"))
                .anyMatch(p -> p.path("port").asInt() == port))
        .findFirst();
  }

  private Optional<Manifest> byIngress(String host) {
    return view.ofKind("Ingress")
        .flatMap(ingress -> Manifest.each(ingress.spec().path("rules")))
        .filter(rule -> rule.path("host").asString("").equals(host))
        .map(rule -> rule.at("/http/paths/0/backend/service/name").asString())
        .findFirst()
        .flatMap(name -> view.find("Service", name));
  }

  private static boolean takes(Manifest service, Manifest workload) {
    return service.spec().path("selector").properties().stream()
        .allMatch(label -> label.getValue().equals(workload.podLabels().path(label.getKey())));
  }
}
