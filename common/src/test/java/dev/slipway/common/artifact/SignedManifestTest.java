package dev.slipway.common.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.recipe.RunRecipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

@NullMarked
class SignedManifestTest {
  private final SigningKey.PemPair pair = SigningKey.generate();
  private final SigningKey key =
      SigningKey.of(TrustedKeys.idOf(pair.publicKey()), pair.privateKey());
  private final TrustedKeys trusted = new TrustedKeys(List.of(pair.publicKey()));
  private final Manifest manifest =
      new Manifest(
          new AppName("hello"),
          7,
          1,
          new CommitSha("a".repeat(40)),
          3,
          new Sha256("b".repeat(64)),
          "AAAAAA==",
          Form.FILE,
          "app.jar",
          "ZGU=",
          new Manifest.Blocks(new Sha256("e".repeat(64)), 32),
          new RunRecipe("run", null, new RunRecipe.Stop("TERM", Duration.ofSeconds(30))),
          "worker-1",
          Instant.parse("2026-01-01T00:00:00Z"));

  @Test
  void what_was_signed_comes_back() {
    assertThat(trusted.verify(envelope())).isEqualTo(manifest);
  }

  @Test
  void a_manifest_of_before_there_were_block_signatures_is_read() {
    var json = JsonMapper.shared().valueToTree(manifest);
    var old = (tools.jackson.databind.node.ObjectNode) json;
    old.remove("blocks");
    assertThat(JsonMapper.shared().treeToValue(old, Manifest.class).blocks()).isNull();
  }

  @Test
  void a_manifest_of_before_there_were_hooks_is_read() {
    var old = JsonMapper.shared().valueToTree(manifest);
    var run = (tools.jackson.databind.node.ObjectNode) old.get("run");
    run.remove(List.of("beforeStop", "afterStart"));
    assertThat(JsonMapper.shared().treeToValue(old, Manifest.class)).isEqualTo(manifest);
  }

  @Test
  void a_changed_payload_is_refused() {
    var envelope = JsonMapper.shared().readValue(envelope(), Envelope.class);
    var forged = new Envelope(envelope.payloadType(), "e30=", envelope.signatures());
    assertRefused(JsonMapper.shared().writeValueAsBytes(forged), "signed by a trusted key");
  }

  @Test
  void another_key_is_refused() {
    var other = SigningKey.generate();
    assertThatThrownBy(() -> new TrustedKeys(List.of(other.publicKey())).verify(envelope()))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("signed by a trusted key");
  }

  @Test
  void what_is_no_envelope_is_refused() {
    assertRefused("{}".getBytes(StandardCharsets.UTF_8), "DSSE");
    assertRefused("no json".getBytes(StandardCharsets.UTF_8), "DSSE");
    assertRefused(new byte[Manifest.MAX_SIGNED_BYTES + 1], "at most");
  }

  private byte[] envelope() {
    return JsonMapper.shared().writeValueAsBytes(key.sign(manifest));
  }

  private void assertRefused(byte[] envelope, String why) {
    assertThatThrownBy(() -> trusted.verify(envelope))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining(why);
  }
}
