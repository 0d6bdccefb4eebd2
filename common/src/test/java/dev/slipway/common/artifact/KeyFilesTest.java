package dev.slipway.common.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class KeyFilesTest {
  private final SigningKey.PemPair old = SigningKey.generate();
  private final SigningKey.PemPair next = SigningKey.generate();

  @TempDir Path folder;
  private Path privateFile;
  private Path publicFile;

  @BeforeEach
  void write() throws IOException {
    privateFile = Files.writeString(folder.resolve("signing.pem"), old.privateKey());
    publicFile = Files.writeString(folder.resolve("signing.pub.pem"), old.publicKey());
  }

  @Test
  void a_new_pair_is_taken_without_a_restart_once_both_halves_are_there() throws IOException {
    var keys = new KeyFiles(privateFile, publicFile);
    assertSignedBy(old, keys);

    Files.writeString(privateFile, next.privateKey());
    assertSignedBy(old, keys);

    Files.writeString(publicFile, next.publicKey());
    assertSignedBy(next, keys);
  }

  @Test
  void files_that_are_gone_or_broken_change_nothing() throws IOException {
    var keys = new KeyFiles(privateFile, publicFile);
    Files.writeString(privateFile, "no key");
    assertSignedBy(old, keys);
    Files.delete(publicFile);
    assertSignedBy(old, keys);
  }

  @Test
  void two_halves_of_different_keys_are_refused_at_once() throws IOException {
    Files.writeString(publicFile, next.publicKey());
    assertThatThrownBy(() -> new KeyFiles(privateFile, publicFile))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("signing key must be the other half of the public key");
  }

  private static void assertSignedBy(SigningKey.PemPair pair, KeyFiles keys) {
    var signed = keys.sign("text", "hello");
    assertThat(signed.signatures().getFirst().keyid())
        .isEqualTo(TrustedKeys.idOf(pair.publicKey()));
    assertThat(
            new TrustedKeys(List.of(pair.publicKey())).verify("text", signed, "text", String.class))
        .isEqualTo("hello");
  }
}
