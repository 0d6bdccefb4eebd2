package dev.slipway.machine;

import static dev.slipway.machine.TestMachine.APP;
import static dev.slipway.machine.TestMachine.RUN;
import static dev.slipway.machine.TestMachine.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.provenance.Provenance;
import dev.slipway.common.target.Release;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A release runs where it comes from where it should, and goes on where it did. */
@NullMarked
class ProvenanceTest {
  @TempDir Path folder;
  private TestMachine machine;

  @BeforeEach
  void build() throws IOException {
    machine = new TestMachine(folder);
  }

  @AfterEach
  void stop() {
    machine.close();
  }

  @Test
  void a_build_of_the_right_repository_and_builder_runs() throws Exception {
    machine.repository = TrueProvenance.REPOSITORY;
    publishAndAssign();
    machine.start().awaitReport(AppState.RUNNING, 1);
    assertThat(counted("refused")).isZero();
    assertThat(counted("accepted")).isPositive();
  }

  @Test
  void a_build_without_provenance_is_refused() throws Exception {
    machine.region.sworn = statement -> null;
    assertRefused("it has no provenance");
  }

  @Test
  void a_provenance_that_was_tampered_with_is_refused() throws Exception {
    machine.region.sworn =
        statement -> {
          var envelope = JsonMapper.shared().readTree(machine.region.sworn(statement));
          parameters(statement).put("repository", "https://git.example.com/other.git");
          var payload = Base64.getEncoder().encodeToString(statement.toString().getBytes(UTF_8));
          return ((ObjectNode) envelope).put("payload", payload).toString();
        };
    assertRefused("must be signed by a trusted key");
  }

  @Test
  void what_is_no_provenance_is_refused() throws Exception {
    machine.region.sworn = statement -> "{}";
    assertRefused("must be a DSSE envelope with a provenance in it");
  }

  @Test
  void a_statement_that_lacks_what_is_asked_is_refused() throws Exception {
    machine.region.sworn = lying(s -> ((ObjectNode) s.required("predicate")).remove("runDetails"));
    assertRefused("lacks something");
  }

  @Test
  void a_key_that_nobody_knows_is_refused() throws Exception {
    var stranger = SigningKey.generate();
    var key = SigningKey.of(TrustedKeys.idOf(stranger.publicKey()), stranger.privateKey());
    machine.region.sworn =
        statement -> JsonMapper.shared().writeValueAsString(key.sign(Provenance.TYPE, statement));
    assertRefused("must be signed by a trusted key");
  }

  @Test
  void where_provenances_have_keys_of_their_own_the_manifests_key_does_not_do() throws Exception {
    machine.provenance =
        new ProvenancePolicy(
            ProvenancePolicy.Mode.ENFORCE,
            List.of(SigningKey.generate().publicKey()),
            List.of(Provenance.BUILDER),
            List.of("*"));
    assertRefused("must be signed by a trusted key");
  }

  @Test
  void a_provenance_of_another_artifact_is_refused() throws Exception {
    machine.region.sworn = lying(s -> digest(s, 0).put("sha256", "0".repeat(64)));
    assertRefused("is of another artifact");
  }

  @Test
  void a_provenance_of_another_manifest_is_refused() throws Exception {
    machine.region.sworn = lying(s -> digest(s, 1).put("sha256", "0".repeat(64)));
    assertRefused("is of another manifest");
  }

  @Test
  void a_provenance_of_another_commit_is_refused() throws Exception {
    machine.region.sworn = lying(s -> parameters(s).put("commit", "d".repeat(40)));
    assertRefused("is of commit dddd");
  }

  @Test
  void a_provenance_of_another_build_is_refused() throws Exception {
    machine.region.sworn =
        lying(s -> ((ObjectNode) run(s).required("metadata")).put("invocationId", "8-1"));
    assertRefused("is of build 8-1, not of 7-1");
  }

  @Test
  void a_builder_that_is_not_trusted_is_refused() throws Exception {
    machine.region.sworn =
        lying(s -> ((ObjectNode) run(s).required("builder")).put("id", "https://laptop.example"));
    assertRefused("is of builder https://laptop.example");
  }

  @Test
  void a_kind_of_build_that_nobody_knows_is_refused() throws Exception {
    machine.region.sworn =
        lying(s ->
            ((ObjectNode) s.required("predicate").required("buildDefinition"))
                .put("buildType", "https://example.com/other"));
    assertRefused("is of build type https://example.com/other");
  }

  @Test
  void a_repository_that_is_not_the_apps_is_refused() throws Exception {
    machine.repository = "https://git.example.com/shop/other.git";
    assertRefused("is of repository " + TrueProvenance.REPOSITORY);
  }

  @Test
  void patterns_of_repositories_hold_for_apps_that_are_told_none() throws Exception {
    machine.provenance =
        new ProvenancePolicy(
            ProvenancePolicy.Mode.ENFORCE,
            List.of(),
            List.of(Provenance.BUILDER),
            List.of("https://git.example.com/bank/*"));
    assertRefused("is of repository " + TrueProvenance.REPOSITORY);
  }

  @Test
  void to_audit_is_to_run_it_and_to_count() throws Exception {
    machine.provenance = ProvenancePolicy.usual(ProvenancePolicy.Mode.AUDIT);
    machine.region.sworn = statement -> null;
    publishAndAssign();
    machine.start().awaitReport(AppState.RUNNING, 1);
    assertThat(counted("tolerated")).isPositive();
    assertThat(counted("refused")).isZero();
  }

  @Test
  void keys_are_rotated_while_both_are_trusted() throws Exception {
    var old = machine.region.trustedKey();
    var next = SigningKey.generate();
    machine.trustedKeys = List.of(old, next.publicKey());
    publishAndAssign();
    machine.start().awaitReport(AppState.RUNNING, 1);

    machine.region.signer = SigningKey.of(TrustedKeys.idOf(next.publicKey()), next.privateKey());
    machine.region.assign(APP, 2, machine.region.publish(APP, 8, TinyApp.script() + "# 8", RUN));
    machine.awaitReport(AppState.RUNNING, 2);
  }

  @Test
  void what_an_old_key_signed_runs_on_when_the_key_is_gone_and_is_started_again() throws Exception {
    publishAndAssign();
    machine.start().awaitReport(AppState.RUNNING, 1);
    var pid = machine.pid();

    machine.stopAgent();
    machine.trustedKeys = List.of(SigningKey.generate().publicKey());
    machine.start();
    assertThat(machine.pid()).isEqualTo(pid);

    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    until(() -> machine.started().size() == 2);
  }

  @Test
  void what_an_old_key_signed_is_not_gone_to_when_the_key_is_gone() throws Exception {
    var old = publishAndAssign();
    var next = SigningKey.generate();
    machine.trustedKeys = List.of(machine.region.trustedKey(), next.publicKey());
    machine.start().awaitReport(AppState.RUNNING, 1);
    machine.region.signer = SigningKey.of(TrustedKeys.idOf(next.publicKey()), next.privateKey());
    machine.region.assign(APP, 2, machine.region.publish(APP, 8, TinyApp.script() + "# 8", RUN));
    machine.awaitReport(AppState.RUNNING, 2);

    machine.stopAgent();
    machine.trustedKeys = List.of(next.publicKey());
    machine.start();
    machine.region.assign(APP, 3, old);

    var report = machine.awaitReport(AppState.FAILED, 3);
    assertThat(report.detail()).contains("must be signed by a trusted key");
    assertThat(report.running()).isEqualTo(8);
    assertThat(machine.answer()).startsWith("8 ");
  }

  @Test
  void a_star_stands_for_anything_and_nothing_else_does() {
    assertThat(matches("https://git.example.com/shop/*", "https://git.example.com/shop/a"))
        .isTrue();
    assertThat(matches("https://git.example.com/shop/*", "https://git.example.com.evil/shop/a"))
        .isFalse();
    assertThat(matches("*/{app}.git", "ssh://git@host/hello.git")).isTrue();
    assertThat(matches("*/{app}.git", "ssh://git@host/hellO.git")).isFalse();
    assertThat(matches("https://a.b/c", "https://aXb/c")).isFalse();
    assertThat(matches("*", "x\ny")).isFalse();
  }

  private static boolean matches(String pattern, String repository) {
    return ProvenancePolicy.matches(pattern, APP, repository);
  }

  private Release publishAndAssign() {
    var release = machine.region.publish(APP, 7, TinyApp.script(), RUN);
    machine.region.assign(APP, 1, release);
    return release;
  }

  private void assertRefused(String reason) throws Exception {
    publishAndAssign();
    var report = machine.start().awaitReport(AppState.FAILED, 1);
    assertThat(report.detail()).contains(reason);
    assertThat(report.running()).isNull();
    assertThat(machine.started()).isEmpty();
    assertThat(machine.region.artifactBytes).hasValue(0);
    assertThat(counted("refused")).isOne();
  }

  private double counted(String outcome) {
    return machine.meters.counter("slipway.machine.provenances", "outcome", outcome).count();
  }

  /** Signs a changed statement, with the key that machines trust. */
  private Function<JsonNode, @Nullable String> lying(Consumer<JsonNode> lie) {
    return statement -> {
      lie.accept(statement);
      return machine.region.sworn(statement);
    };
  }

  private static ObjectNode digest(JsonNode statement, int subject) {
    return (ObjectNode) statement.required("subject").required(subject).required("digest");
  }

  private static ObjectNode parameters(JsonNode statement) {
    return (ObjectNode)
        statement.required("predicate").required("buildDefinition").required("externalParameters");
  }

  private static JsonNode run(JsonNode statement) {
    return statement.required("predicate").required("runDetails");
  }
}
