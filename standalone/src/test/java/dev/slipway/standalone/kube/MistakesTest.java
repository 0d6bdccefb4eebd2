package dev.slipway.standalone.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** So that each check is known to be one that can fail. */
class MistakesTest {
  private static @TempDir Path folder;

  private static final NetworkTest NETWORK = new NetworkTest();
  private static final PodsTest PODS = new PodsTest();
  private static final ProbesTest PROBES = new ProbesTest();
  private static final SchemasTest SCHEMAS = new SchemasTest();
  private static final SecretsTest SECRETS = new SecretsTest();
  private static final SelectorsTest SELECTORS = new SelectorsTest();
  private static final SettingsTest SETTINGS = new SettingsTest();

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

  private static Stream<Mistake> mistakes() {
    return Stream.of(
        centre("'replicas':2", "'replica':2", SCHEMAS::every_manifest_is_what_its_schema_says),
        centre("'drop':['ALL']", "'drop':'ALL'", SCHEMAS::every_manifest_is_what_its_schema_says),
        centre("'cpu':'250m'", "'cpu':'250c'", SCHEMAS::every_manifest_is_what_its_schema_says),
        centre("io/port':'8081'", "io/port':8081", SCHEMAS::every_manifest_is_what_its_schema_says),
        centre("'pollingInterval'", "'polls'", SCHEMAS::every_manifest_is_what_its_schema_says),
        centre(
            "'targetQueryValue':'1'",
            "'targetQueryValue':1",
            SCHEMAS::every_manifest_is_what_its_schema_says),
        centre(
            "'readOnlyRootFilesystem':true",
            "'readOnlyRootFilesystem':false",
            PODS::pods_may_do_nothing_that_they_need_not),
        centre(
            "'runAsNonRoot':true",
            "'runAsNonRoot':false",
            PODS::pods_may_do_nothing_that_they_need_not),
        centre(
            "'name':'signing','mountPath'",
            "'name':'signin','mountPath'",
            PODS::volumes_that_are_mounted_are_there_and_the_other_way_round),
        centre(
            "/health/readiness", "/health/ready", PROBES::probes_ask_for_what_the_services_answer),
        centre(
            "'containerPort':8083",
            "'containerPort':8093",
            PROBES::probes_ask_for_what_the_services_answer),
        centre(
            "'failureThreshold':120",
            "'failureThreshold':20",
            PROBES::the_wait_for_the_schema_fits_into_the_start),
        centre(
            "'selector':{'app.kubernetes.io/name':'deploy-service'}",
            "'selector':{'app.kubernetes.io/name':'deploy'}",
            SELECTORS::selectors_take_the_pods_that_they_mean),
        centre(
            "'serviceAccountName':'build-worker'",
            "'serviceAccountName':'worker'",
            SELECTORS::selectors_take_the_pods_that_they_mean),
        centre(
            "'name':'build-queue-service','port'",
            "'name':'builds','port'",
            SELECTORS::the_ingress_leads_to_services),
        centre(
            "SLIPWAY_WORKER_DRAINGRACE",
            "SLIPWAY_WORKER_GRACE",
            SETTINGS::services_start_with_what_their_environment_says),
        centre(
            "'value':'35m'",
            "'value':'35 minutes'",
            SETTINGS::services_start_with_what_their_environment_says),
        centre(
            "SLIPWAY_WORKER_REAPERURL",
            "SLIPWAY_WORKER_BUILDERID",
            SETTINGS::services_start_with_what_their_environment_says),
        centre(
            "'key':'home-bucket'",
            "'key':'bucket'",
            SETTINGS::services_start_with_what_their_environment_says),
        centre(
            "--slipway.reference.services",
            "--slipway.references.services",
            SETTINGS::services_start_with_what_their_environment_says),
        centre("slipway-announce", "announce", SECRETS::secrets_and_their_keys_are_in_the_document),
        centre(
            "/signing/signing.pem",
            "/signing/key.pem",
            SECRETS::secrets_and_their_keys_are_in_the_document),
        centre(
            "'terminationGracePeriodSeconds':2160",
            "'terminationGracePeriodSeconds':1800",
            PODS::pods_are_given_the_time_that_their_services_take_to_stop),
        centre("'ingress-nginx'", "'nginx'", NetworkTest::requireGuarded),
        centre(
            "'podSelector':{}",
            "'podSelector':{'matchLabels':{'a':'b'}}",
            NetworkTest::requireGuarded),
        centre(
            "'ports':[{'port':8082}]",
            "'ports':[{'port':8080}]",
            NETWORK::ports_that_are_opened_are_listened_on_and_scraped_ones_are_opened),
        region(
            "'name':'SLIPWAY_REGION_TOKEN'",
            "'name':'SLIPWAY_REGION_SWARMHOST'",
            SETTINGS::services_start_with_what_their_environment_says),
        region("metadata.labels[", "metadata.annotations[", MistakesTest::requireOwn),
        region("slipway.machine.zone=ZONE", "slipway.machine.zone=ZONES", MistakesTest::requireOwn),
        region("slipway.machine.id=NODE", "slipway.machine.id=nodes", MistakesTest::requireOwn));
  }

  private static Mistake centre(String what, String by, Consumer<View> check) {
    return of("control-plane", what, by, check);
  }

  private static Mistake region(String what, String by, Consumer<View> check) {
    return of("region", what, by, check);
  }

  /** With quotes that are easier to read. */
  private static Mistake of(String overlay, String what, String by, Consumer<View> check) {
    return new Mistake(overlay, what.replace('\'', '"'), by.replace('\'', '"'), check);
  }

  private static void requireOwn(View view) {
    try {
      MachinesTest.requireOwn(view, Files.createTempDirectory(folder, "machine"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistake_is_found(Mistake mistake) {
    var view = mistake.made();
    assertThatThrownBy(() -> mistake.check().accept(view)).isInstanceOf(AssertionError.class);
  }
}
