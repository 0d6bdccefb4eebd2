package dev.slipway.standalone.kube;

import static dev.slipway.standalone.kube.Network.End;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The manifests in {@code k8s/}: well formed by Kubernetes' schemas, fit for each other, and fit
 * for the services. Each overlay is looked at by its files and, where there is kubectl, rendered.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubernetesTest {
  private static final List<String> OVERLAYS = List.of("control-plane", "region", "dev");
  private static final List<String> STATELESS =
      List.of("deploy-service", "build-queue-service", "heartbeat-reaper", "replication-checker");
  private static final Set<String> NO_SERVER = Set.of("machine-agent", "migrate");
  private static final Path DOCUMENT = View.FOLDER.resolveSibling("docs/operations.md");

  /** Made by hand, one command each: these are to be found in the document. */
  private static final Pattern MADE =
      Pattern.compile("kubectl (?:-n \\S+ )?create secret (?:generic|tls) (\\S+)((?: .*)?)");

  private static final Pattern KEY =
      Pattern.compile("--(?:from-(?:literal|file)=([^=\\s]+)|(cert|key)=)");

  private static final List<View> VIEWS = new ArrayList<>();

  static {
    for (var overlay : OVERLAYS) {
      VIEWS.add(View.ofFiles(overlay));
      View.rendered(overlay)
          .ifPresentOrElse(
              VIEWS::add,
              () ->
                  System.out.println(
                      "NOT CHECKED: the overlay "
                          + overlay
                          + " as it is rendered, as there is no kubectl here; its files are"));
    }
  }

  static List<View> views() {
    return VIEWS;
  }

  @ParameterizedTest
  @MethodSource("views")
  void every_manifest_is_what_its_schema_says(View view) {
    assertThat(view.manifests()).hasSizeGreaterThan(5);
    assertThat(view.manifests().stream().flatMap(m -> Schemas.problems(m).stream())).isEmpty();
    assertThat(view.manifests()).extracting(m -> m.kind() + " " + m.name()).doesNotHaveDuplicates();
    assertThat(view.ofKind("Secret")).as("secrets in the repository").isEmpty();
  }

  /** The other component, which no overlay takes. */
  @Test
  void the_plain_autoscaler_is_what_its_schema_says() {
    var file = View.FOLDER.resolve("components/hpa/workers.yaml");
    var manifests = View.documents(View.read(file));
    assertThat(manifests.stream().flatMap(m -> Schemas.problems(m).stream())).isEmpty();
    assertThat(manifests)
        .allSatisfy(hpa -> assertThat(target(View.ofFiles("control-plane"), hpa)).isPresent());
  }

  @Test
  void every_file_is_part_of_something() throws IOException {
    var named = new HashSet<Path>();
    var there = new HashSet<Path>();
    try (var files = Files.walk(View.FOLDER)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        if (file.endsWith("kustomization.yaml")) {
          kustomization(file, named);
        } else if (!file.toString().endsWith(".sql")) {
          there.add(file);
        }
      }
    }
    assertThat(named).containsExactlyInAnyOrderElementsOf(there);
  }

  private static void kustomization(Path file, Set<Path> named) {
    var folder = file.resolveSibling("");
    var content = View.kustomization(folder);
    assertThat(content.propertyNames())
        .as(file.toString())
        .isSubsetOf(
            "apiVersion",
            "kind",
            "namespace",
            "resources",
            "components",
            "labels",
            "configMapGenerator",
            "replicas",
            "patches",
            "images");
    var names =
        Stream.of(
                Manifest.each(content.path("resources")),
                Manifest.each(content.path("patches")).map(patch -> patch.path("path")),
                Manifest.each(content.path("configMapGenerator"))
                    .flatMap(generator -> Manifest.each(generator.path("files"))))
            .flatMap(Function.identity())
            .map(JsonNode::asString);
    names
        .map(name -> folder.resolve(name).normalize())
        .filter(each -> !Files.isDirectory(each))
        .forEach(named::add);
  }

  @ParameterizedTest
  @MethodSource("views")
  void pods_may_do_nothing_that_they_need_not(View view) {
    assertThat(view.workloads())
        .allSatisfy(workload -> {
          var pod = workload.pod();
          assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
          assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
          assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean(false)).isTrue();
          assertThat(pod.at("/securityContext/seccompProfile/type").asString(""))
              .isEqualTo("RuntimeDefault");
          assertThat(workload.containers())
              .allSatisfy(container -> {
                var context = container.path("securityContext");
                assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
                assertThat(context.path("readOnlyRootFilesystem").asBoolean(false)).isTrue();
                assertThat(context.at("/capabilities/drop/0").asString("")).isEqualTo("ALL");
                assertThat(container.at("/resources/requests/cpu").isMissingNode()).isFalse();
                assertThat(container.at("/resources/requests/memory").isMissingNode()).isFalse();
                assertThat(container.at("/resources/limits/memory").isMissingNode()).isFalse();
              });
          if (workload.ours().findAny().isPresent()) {
            // as the images are made
            assertThat(pod.at("/securityContext/runAsUser").asInt(0)).isEqualTo(10_001);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("views")
  void volumes_that_are_mounted_are_there_and_the_other_way_round(View view) {
    assertThat(view.workloads())
        .allSatisfy(workload -> {
          var there = new TreeSet<String>();
          Stream.concat(
                  Manifest.each(workload.pod().path("volumes")).map(v -> v.path("name")),
                  Manifest.each(workload.spec().path("volumeClaimTemplates"))
                      .map(claim -> claim.at("/metadata/name")))
              .forEach(name -> there.add(name.asString()));
          var mounted = new TreeSet<String>();
          workload
              .containers()
              .flatMap(c -> Manifest.each(c.path("volumeMounts")))
              .forEach(mount -> mounted.add(mount.path("name").asString()));
          assertThat(mounted).as(workload + " of " + view).isEqualTo(there);
        });
  }

  @ParameterizedTest
  @MethodSource("views")
  void probes_ask_for_what_the_services_answer(View view) {
    for (var workload : view.workloads().toList()) {
      for (var container : workload.ours().toList()) {
        if (NO_SERVER.contains(workload.name())) {
          assertThat(container.path("ports").findValuesAsString("name")).doesNotContain("http");
          continue;
        }
        var settings = Settings.of(view, container);
        var ports = ports(container);
        assertThat(String.valueOf(ports.get("http")))
            .as("port of " + workload)
            .isEqualTo(settings.property("server.port"));
        assertThat(settings.property("management.endpoint.health.probes.enabled"))
            .isEqualTo("true");
        assertThat(settings.property("management.server.port")).isNull();
        assertThat(probe(container, "startupProbe")).isEqualTo("/actuator/health/liveness at http");
        assertThat(probe(container, "livenessProbe"))
            .isEqualTo("/actuator/health/liveness at http");
        assertThat(probe(container, "readinessProbe"))
            .isEqualTo("/actuator/health/readiness at http");
        assertThat(workload.json().at("/spec/template/metadata/annotations/prometheus.io~1port"))
            .as("scraped port of " + workload)
            .hasToString('"' + String.valueOf(ports.get("http")) + '"');
        assertThat(settings.property("management.endpoints.web.exposure.include"))
            .contains("prometheus");
      }
    }
  }

  private static String probe(JsonNode container, String name) {
    var get = container.path(name).path("httpGet");
    return get.path("path").asString("") + " at " + get.path("port").asString("");
  }

  private static Map<String, Integer> ports(JsonNode container) {
    var ports = new HashMap<String, Integer>();
    container
        .path("ports")
        .forEach(
            port -> ports.put(port.path("name").asString(), port.path("containerPort").asInt()));
    return ports;
  }

  /** While a service waits for its schema nothing listens: nobody may end it before it gives up. */
  @ParameterizedTest
  @MethodSource("views")
  void the_wait_for_the_schema_fits_into_the_start(View view) {
    for (var workload : view.workloads().toList()) {
      for (var container : workload.ours().filter(c -> c.has("startupProbe")).toList()) {
        var settings = Settings.of(view, container);
        if (settings.property("spring.datasource.url") != null) {
          assertThat(settings.property("slipway.schema.migrate")).isEqualTo("false");
          var probe = container.path("startupProbe");
          var patience =
              probe.path("periodSeconds").asInt(10) * probe.path("failureThreshold").asInt(3);
          assertThat(patience).isGreaterThanOrEqualTo(2 * 5 * 60);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("views")
  void selectors_take_the_pods_that_they_mean(View view) {
    for (var workload : view.workloads().filter(w -> !w.kind().equals("Job")).toList()) {
      assertThat(view.selected(workload.spec().path("selector")))
          .as(workload + " takes its own pods alone")
          .containsExactly(workload);
      Manifest.each(workload.pod().path("topologySpreadConstraints"))
          .forEach(spread ->
              assertThat(view.selected(spread.path("labelSelector"))).containsExactly(workload));
      assertThat(account(view, workload)).as("account of " + workload).isTrue();
    }
    for (var budget : view.ofKind("PodDisruptionBudget").toList()) {
      assertThat(view.selected(budget.spec().path("selector"))).as(budget.toString()).hasSize(1);
    }
    for (var service : view.ofKind("Service").toList()) {
      var taken = view.workloads().filter(w -> takes(service, w)).toList();
      assertThat(taken).as(service.toString()).hasSize(1);
      for (var port : service.spec().path("ports")) {
        assertThat(taken.getFirst().containers().flatMap(c -> ports(c).entrySet().stream()))
            .as(service + " leads to a port that is listened on")
            .contains(Map.entry(port.path("targetPort").asString(), port.path("port").asInt()));
      }
    }
    for (var policy : view.ofKind("NetworkPolicy").toList()) {
      assertThat(view.selected(policy.spec().path("podSelector")))
          .as(policy.toString())
          .isNotEmpty();
    }
    for (var set : view.ofKind("StatefulSet").toList()) {
      assertThat(view.find("Service", set.spec().path("serviceName").asString()))
          .as("service of " + set)
          .isPresent();
    }
    for (var kind : List.of("ScaledObject", "HorizontalPodAutoscaler")) {
      assertThat(view.ofKind(kind)).allSatisfy(s -> assertThat(target(view, s)).isPresent());
    }
  }

  private static Optional<Manifest> target(View view, Manifest scaler) {
    var target = scaler.spec().path("scaleTargetRef");
    return view.find(target.path("kind").asString(), target.path("name").asString());
  }

  private static boolean account(View view, Manifest workload) {
    var name = workload.pod().path("serviceAccountName").asString("");
    return name.isEmpty() || view.find("ServiceAccount", name).isPresent();
  }

  private static boolean takes(Manifest service, Manifest workload) {
    return service.spec().path("selector").properties().stream()
        .allMatch(label -> label.getValue().equals(workload.podLabels().path(label.getKey())));
  }

  @ParameterizedTest
  @MethodSource("views")
  void the_ingress_leads_to_services(View view) {
    for (var ingress : view.ofKind("Ingress").toList()) {
      var hosts = new TreeSet<String>();
      ingress
          .spec()
          .path("tls")
          .forEach(t -> t.path("hosts").forEach(h -> hosts.add(h.asString())));
      for (var rule : ingress.spec().path("rules")) {
        assertThat(hosts).as("TLS of " + ingress).contains(rule.path("host").asString());
        for (var path : rule.at("/http/paths")) {
          var backend = path.at("/backend/service");
          var service = view.find("Service", backend.path("name").asString());
          assertThat(service).as(backend.toString()).isPresent();
          assertThat(service.orElseThrow().spec().path("ports").findValuesAsString("name"))
              .contains(backend.at("/port/name").asString());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("views")
  void services_start_with_what_their_environment_says(View view) {
    assertThat(
            view.workloads()
                .flatMap(Manifest::ours)
                .filter(container -> !Manifest.module(container).equals("machine-agent"))
                .flatMap(container -> Settings.of(view, container).problems().stream()))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("views")
  void secrets_and_their_keys_are_in_the_document(View view) {
    var made = made();
    assertThat(made).isNotEmpty();
    for (var workload : view.workloads().toList()) {
      for (var variable :
          workload.containers().flatMap(c -> Manifest.each(c.path("env"))).toList()) {
        var secret = variable.at("/valueFrom/secretKeyRef");
        if (!secret.isMissingNode()) {
          assertThat(made.getOrDefault(secret.path("name").asString(), Set.of()))
              .as(secret.toString())
              .contains(secret.path("key").asString());
        }
      }
      var mounts = mounts(workload);
      for (var volume : workload.pod().path("volumes")) {
        if (volume.has("secret")) {
          assertThat(made).containsKey(volume.at("/secret/secretName").asString());
        }
      }
      for (var container : workload.ours().toList()) {
        var files = Stream.concat(Settings.of(view, container).files(), configured(view, workload));
        for (var file : files.map(Path::of).toList()) {
          var secret = mounts.get(String.valueOf(file.getParent()));
          assertThat(secret).as(file + " is mounted in " + workload).isNotNull();
          assertThat(made.getOrDefault(secret, Set.of()))
              .as("keys of " + secret)
              .contains(String.valueOf(file.getFileName()));
        }
      }
    }
    for (var ingress : view.ofKind("Ingress").toList()) {
      ingress
          .spec()
          .path("tls")
          .forEach(tls -> assertThat(made).containsKey(tls.path("secretName").asString()));
    }
    for (var trigger : view.ofKind("TriggerAuthentication").toList()) {
      for (var secret : trigger.spec().path("secretTargetRef")) {
        assertThat(made.getOrDefault(secret.path("name").asString(), Set.of()))
            .contains(secret.path("key").asString());
      }
    }
  }

  /** The files that the settings of a machine name, which are in a file themselves. */
  private static Stream<String> configured(View view, Manifest workload) {
    return workload.name().equals("machine-agent")
        ? view.ofKind("ConfigMap")
            .map(map -> map.json().at("/data/machine.properties").asString(""))
            .flatMap(String::lines)
            .map(line -> line.replaceFirst("^[^=]*=", ""))
            .filter(value -> value.startsWith("/etc/slipway/"))
        : Stream.empty();
  }

  private static Map<String, String> mounts(Manifest workload) {
    var secrets = new HashMap<String, String>();
    workload
        .pod()
        .path("volumes")
        .forEach(volume ->
            secrets.put(
                volume.path("name").asString(), volume.at("/secret/secretName").asString("")));
    var mounts = new HashMap<String, String>();
    workload
        .containers()
        .flatMap(container -> Manifest.each(container.path("volumeMounts")))
        .forEach(mount ->
            mounts.put(
                mount.path("mountPath").asString(),
                secrets.getOrDefault(mount.path("name").asString(), "")));
    return mounts;
  }

  /** The secrets that the document says how to make, with their keys. */
  private static Map<String, Set<String>> made() {
    var made = new HashMap<String, Set<String>>();
    var text = View.read(DOCUMENT).replaceAll("\\\\\n\\s*", "");
    var secrets = MADE.matcher(text);
    while (secrets.find()) {
      var keys = made.computeIfAbsent(secrets.group(1), name -> new TreeSet<>());
      var each = KEY.matcher(secrets.group(2));
      while (each.find()) {
        keys.add(each.group(1) != null ? each.group(1) : "tls." + each.group(2));
      }
    }
    return made;
  }

  @Test
  void the_control_plane_lets_in_whom_it_needs_and_nobody_else() {
    requireGuarded(View.ofFiles("control-plane"));
  }

  private void requireGuarded(View view) {
    var network = new Network(view);
    var web = End.in("ingress-nginx");
    var monitoring = End.in("monitoring");
    var worker = End.pod("build-worker");
    var reaper = End.pod("heartbeat-reaper");
    var deploy = End.pod("deploy-service");
    assertThat(network.allows(web, deploy, 8080)).isTrue();
    assertThat(network.allows(web, End.pod("build-queue-service"), 8081)).isTrue();
    assertThat(network.allows(web, End.pod("replication-checker"), 8083)).isTrue();
    assertThat(network.allows(worker, reaper, 8082)).isTrue();
    assertThat(network.allows(deploy, monitoring, 9090)).isTrue();
    assertThat(network.allows(deploy, End.pod("replication-checker"), 8083)).isTrue();
    for (var service : STATELESS) {
      assertThat(network.allows(End.pod(service), End.internet(), 5432)).isTrue();
    }
    assertThat(network.allows(End.pod("migrate"), End.internet(), 5432)).isTrue();
    for (var port : List.of(443, 5432, 22)) {
      assertThat(network.allows(worker, End.internet(), port)).isTrue();
    }

    assertThat(network.allows(web, End.pod("anything-else"), 80)).isFalse();
    assertThat(network.allows(End.pod("anything-else"), End.internet(), 443)).isFalse();
    assertThat(network.allows(web, reaper, 8082)).isFalse();
    assertThat(network.allows(web, worker, 8084)).isFalse();
    assertThat(network.allows(deploy, reaper, 8082)).isFalse();
    assertThat(network.allows(worker, deploy, 8080)).isFalse();
    assertThat(network.allows(End.in("default"), deploy, 8080)).isFalse();
    assertThat(network.allows(End.internet(), deploy, 8080)).isFalse();
    assertThat(network.allows(reaper, End.internet(), 443)).isFalse();
    assertThat(network.allows(End.pod("migrate"), End.internet(), 443)).isFalse();
  }

  @Test
  void a_region_lets_in_its_machines_and_peers() {
    var network = new Network(View.ofFiles("region"));
    var agent = End.pod("regional-agent");
    var machine = End.pod("machine-agent");
    assertThat(network.allows(machine, agent, 8090)).isTrue();
    assertThat(network.allows(machine, agent, 6881)).isTrue();
    assertThat(network.allows(machine, machine, 6882)).isTrue();
    assertThat(network.allows(agent, machine, 6882)).isTrue();
    assertThat(network.allows(End.internet(), agent, 6881)).isTrue();
    assertThat(network.allows(agent, End.internet(), 6881)).isTrue();
    assertThat(network.allows(agent, End.internet(), 443)).isTrue();
    assertThat(network.allows(End.internet(), machine, 8000)).isTrue();

    assertThat(network.allows(End.internet(), agent, 8090)).isFalse();
    assertThat(network.allows(End.in("default"), agent, 8090)).isFalse();
    assertThat(network.allows(agent, End.internet(), 5432)).isFalse();
    assertThat(network.allows(End.internet(), machine, 6882)).isFalse();
  }

  @Test
  void the_small_one_reaches_what_is_elsewhere_in_others() {
    var network = new Network(View.ofFiles("dev"));
    var agent = End.pod("regional-agent");
    assertThat(network.allows(agent, End.pod("deploy-service"), 8080)).isTrue();
    assertThat(network.allows(agent, End.pod("replication-checker"), 8083)).isTrue();
    assertThat(network.allows(End.pod("migrate"), End.pod("postgresql"), 5432)).isTrue();
    assertThat(network.allows(agent, End.pod("heartbeat-reaper"), 8082)).isFalse();
    assertThat(network.allows(agent, End.pod("postgresql"), 5432)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("views")
  void ports_that_are_opened_are_listened_on_and_scraped_ones_are_opened(View view) {
    var network = new Network(view);
    for (var policy : view.ofKind("NetworkPolicy").toList()) {
      var there =
          view.selected(policy.spec().path("podSelector")).stream()
              .flatMap(Network::listens)
              .toList();
      assertThat(there).as(policy.toString()).containsAll(Network.opened(policy));
    }
    for (var workload : view.workloads().toList()) {
      var scraped =
          workload.json().at("/spec/template/metadata/annotations/prometheus.io~1port").asInt(0);
      if (scraped != 0) {
        assertThat(network.allows(End.in("monitoring"), End.pod(workload.name()), scraped))
            .as("metrics of " + workload)
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("views")
  void pods_are_given_the_time_that_their_services_take_to_stop(View view) {
    for (var workload : view.workloads().filter(w -> !NO_SERVER.contains(w.name())).toList()) {
      var grace =
          Duration.ofSeconds(workload.pod().path("terminationGracePeriodSeconds").asInt(30));
      for (var container : workload.ours().toList()) {
        var settings = Settings.of(view, container);
        var before = Duration.ofSeconds(container.at("/lifecycle/preStop/sleep/seconds").asInt(0));
        var drain = duration(settings.property("slipway.worker.drain-grace"), Duration.ZERO);
        var requests =
            duration(
                settings.property("spring.lifecycle.timeout-per-shutdown-phase"),
                Duration.ofSeconds(30));
        // the web server's requests, and its loops, each up to ten seconds
        assertThat(grace)
            .as("grace of " + workload + " in " + view)
            .isGreaterThanOrEqualTo(before.plus(drain).plus(requests).plusSeconds(30));
        assertThat(settings.property("server.shutdown")).isEqualTo("graceful");
        if (container.path("readinessProbe").has("httpGet") && drain.isZero()) {
          assertThat(before).as("preStop of " + workload).isPositive();
        }
      }
    }
  }

  private static Duration duration(@Nullable String value, Duration otherwise) {
    return value == null ? otherwise : DurationStyle.detectAndParse(value);
  }

  @Test
  void one_zone_may_die() {
    var view = View.ofFiles("control-plane");
    assertThat(STATELESS)
        .allSatisfy(name -> {
          var service = view.find("Deployment", name).orElseThrow();
          assertThat(service.spec().path("replicas").asInt()).isGreaterThanOrEqualTo(2);
          assertThat(
                  service.pod().path("topologySpreadConstraints").findValuesAsString("topologyKey"))
              .contains("topology.kubernetes.io/zone");
          assertThat(service.spec().at("/strategy/rollingUpdate/maxUnavailable").asInt(-1))
              .isZero();
          assertThat(view.find("PodDisruptionBudget", name)).isPresent();
        });
    var agents = View.ofFiles("region").find("StatefulSet", "regional-agent").orElseThrow();
    assertThat(agents.spec().path("replicas").asInt()).isGreaterThanOrEqualTo(2);
  }

  /** The scaler's query, as the scaler's role, on the schema as it is now. */
  @Test
  void the_scaler_counts_builds_that_wait_and_run_and_can_do_nothing_else() throws IOException {
    var view = View.ofFiles("control-plane");
    var metadata =
        view.find("ScaledObject", "build-worker").orElseThrow().spec().at("/triggers/0/metadata");
    var worker =
        view.find("StatefulSet", "build-worker").orElseThrow().ours().findFirst().orElseThrow();
    var slots = Settings.of(view, worker).property("slipway.worker.slots");
    assertThat(metadata.path("targetQueryValue").asString()).isEqualTo(slots == null ? "1" : slots);

    var database = TestDatabase.create();
    database
        .jdbc()
        .sql(Files.readString(View.FOLDER.resolve("components/keda/reader.sql")))
        .update();
    database
        .jdbc()
        .sql(
            """
            insert into app (name, repository, webhook_secret) values ('a', 'https://x/a', 'sixteen-letters-');
            insert into job (app, seq, commit_sha, ref, found_by, pool)
              select 'a', n, repeat(n::text, 40), 'master', 'PERSON', case n when 5 then 'large' else '' end
              from generate_series(1, 5) n;
            update job set status = 'RUNNING', worker = 'w', started_at = now(), last_heartbeat = now(), attempt = 1
              where seq = 2;
            update job set status = 'SUCCEEDED', worker = 'w', started_at = now(), last_heartbeat = now(), attempt = 1,
              finished_at = now(), binary_name = 'b', size_bytes = 1, sha256 = repeat('a', 64), crc32c = 'c', manifest = 'm'
              where seq = 3;
            update job set status = 'CANCELLED', failure = 'why', finished_at = now() where seq = 4;
            """)
        .update();
    var scaler = new PGSimpleDataSource();
    scaler.setUrl(database.url());
    scaler.setUser("slipway_scaler");
    var jdbc = JdbcClient.create(scaler);
    assertThat(jdbc.sql(metadata.path("query").asString()).query(Integer.class).single())
        .as("one waits, one runs")
        .isEqualTo(2);
    for (var more : List.of("select commit_sha from job", "select * from api_token")) {
      assertThat(refusal(() -> jdbc.sql(more).query().listOfRows())).contains("permission denied");
    }
    assertThat(refusal(() -> jdbc.sql("update job set pool = 'x'").update()))
        .contains("read-only transaction");
  }

  /**
   * What somebody might get wrong.
   *
   * @param what is written in some manifest, as JSON
   * @param by what is written in its place
   * @param check that must find it
   */
  record Mistake(String overlay, String what, String by, Consumer<View> check) {
    View made() {
      var view = View.ofFiles(overlay);
      var wrong =
          view.manifests().stream()
              .map(manifest -> manifest.json().toString().replace(what, by))
              .map(text -> Manifest.of(JsonMapper.shared().readValue(text, Map.class)))
              .toList();
      assertThat(wrong).as(what).isNotEqualTo(view.manifests());
      return new View(overlay + " with a mistake", wrong);
    }

    @Override
    public String toString() {
      return what + " as " + by;
    }
  }

  private Stream<Mistake> mistakes() {
    return Stream.of(
        centre("'replicas':2", "'replica':2", this::every_manifest_is_what_its_schema_says),
        centre("'drop':['ALL']", "'drop':'ALL'", this::every_manifest_is_what_its_schema_says),
        centre("'cpu':'250m'", "'cpu':'250c'", this::every_manifest_is_what_its_schema_says),
        centre("io/port':'8081'", "io/port':8081", this::every_manifest_is_what_its_schema_says),
        centre("'pollingInterval'", "'polls'", this::every_manifest_is_what_its_schema_says),
        centre(
            "'targetQueryValue':'1'",
            "'targetQueryValue':1",
            this::every_manifest_is_what_its_schema_says),
        centre(
            "'readOnlyRootFilesystem':true",
            "'readOnlyRootFilesystem':false",
            this::pods_may_do_nothing_that_they_need_not),
        centre(
            "'runAsNonRoot':true",
            "'runAsNonRoot':false",
            this::pods_may_do_nothing_that_they_need_not),
        centre(
            "'name':'signing','mountPath'",
            "'name':'signin','mountPath'",
            this::volumes_that_are_mounted_are_there_and_the_other_way_round),
        centre("/health/readiness", "/health/ready", this::probes_ask_for_what_the_services_answer),
        centre(
            "'containerPort':8083",
            "'containerPort':8093",
            this::probes_ask_for_what_the_services_answer),
        centre(
            "'failureThreshold':120",
            "'failureThreshold':20",
            this::the_wait_for_the_schema_fits_into_the_start),
        centre(
            "'selector':{'app.kubernetes.io/name':'deploy-service'}",
            "'selector':{'app.kubernetes.io/name':'deploy'}",
            this::selectors_take_the_pods_that_they_mean),
        centre(
            "'serviceAccountName':'build-worker'",
            "'serviceAccountName':'worker'",
            this::selectors_take_the_pods_that_they_mean),
        centre(
            "'name':'build-queue-service','port'",
            "'name':'builds','port'",
            this::the_ingress_leads_to_services),
        centre(
            "SLIPWAY_WORKER_DRAINGRACE",
            "SLIPWAY_WORKER_GRACE",
            this::services_start_with_what_their_environment_says),
        centre(
            "'value':'35m'",
            "'value':'35 minutes'",
            this::services_start_with_what_their_environment_says),
        centre(
            "SLIPWAY_WORKER_REAPERURL",
            "SLIPWAY_WORKER_BUILDERID",
            this::services_start_with_what_their_environment_says),
        centre(
            "'key':'home-bucket'",
            "'key':'bucket'",
            this::services_start_with_what_their_environment_says),
        centre(
            "--slipway.reference.services",
            "--slipway.references.services",
            this::services_start_with_what_their_environment_says),
        centre("slipway-announce", "announce", this::secrets_and_their_keys_are_in_the_document),
        centre(
            "/signing/signing.pem",
            "/signing/key.pem",
            this::secrets_and_their_keys_are_in_the_document),
        centre(
            "'terminationGracePeriodSeconds':2160",
            "'terminationGracePeriodSeconds':1800",
            this::pods_are_given_the_time_that_their_services_take_to_stop),
        centre("'ingress-nginx'", "'nginx'", this::requireGuarded),
        centre("'podSelector':{}", "'podSelector':{'matchLabels':{'a':'b'}}", this::requireGuarded),
        centre(
            "'ports':[{'port':8082}]",
            "'ports':[{'port':8080}]",
            this::ports_that_are_opened_are_listened_on_and_scraped_ones_are_opened),
        new Mistake(
            "region",
            "\"name\":\"SLIPWAY_REGION_TOKEN\"",
            "\"name\":\"SLIPWAY_REGION_SWARMHOST\"",
            this::services_start_with_what_their_environment_says));
  }

  /** Of the control plane, with quotes that are easier to read. */
  private static Mistake centre(String what, String by, Consumer<View> check) {
    return new Mistake("control-plane", what.replace('\'', '"'), by.replace('\'', '"'), check);
  }

  /** So that each check is known to be one that can fail. */
  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistake_is_found(Mistake mistake) {
    var view = mistake.made();
    assertThatThrownBy(() -> mistake.check().accept(view)).isInstanceOf(AssertionError.class);
  }

  private static String refusal(Runnable what) {
    try {
      what.run();
      return "";
    } catch (DataAccessException refused) {
      return String.valueOf(refused.getMostSpecificCause().getMessage());
    }
  }
}
