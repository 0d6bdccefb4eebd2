package dev.slipway.client.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
@SuppressWarnings("NullAway.Init")
class ContextsTest {
  private static final URI PRODUCTION = URI.create("https://slipway.example.com:8080");

  @TempDir private Path folder;
  private Contexts contexts;

  @BeforeEach
  void start() {
    contexts = new Contexts(folder.resolve("slipway/contexts.json"));
  }

  private static Context context(URI url, String token) {
    return new Context(Addresses.counted(url), new Token(token));
  }

  @Test
  void what_is_kept_is_readable_by_its_owner_alone() throws IOException {
    contexts.put("default", context(PRODUCTION, "secret"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(contexts.file())))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("slipway"))))
        .isEqualTo("rwx------");
    assertThat(contexts.choose(null, null, null).token().value()).isEqualTo("secret");
    try (var files = Files.list(folder.resolve("slipway"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void a_file_that_others_can_read_is_refused_with_what_to_do() throws IOException {
    contexts.put("default", context(PRODUCTION, "secret"));
    Files.setPosixFilePermissions(contexts.file(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(contexts::read).hasMessageContaining("chmod 600 " + contexts.file());
  }

  @Test
  void of_several_one_is_the_current_and_any_can_be_named() throws IOException {
    contexts.put("staging", context(URI.create("http://127.0.0.1:9000"), "one"));
    contexts.put("production", context(PRODUCTION, "two"));
    assertThat(contexts.choose(null, null, null).token().value()).isEqualTo("two");
    assertThat(contexts.choose("staging", null, null).token().value()).isEqualTo("one");
    contexts.use("staging");
    assertThat(contexts.choose(null, null, null).token().value()).isEqualTo("one");
    assertThat(contexts.remove("staging")).isTrue();
    assertThat(contexts.remove("staging")).isFalse();
    assertThatThrownBy(() -> contexts.choose("staging", null, null))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("production");
  }

  @Test
  void a_kept_token_goes_to_no_other_address_than_its_own() throws IOException {
    contexts.put("default", context(PRODUCTION, "secret"));
    assertThat(contexts.choose(null, PRODUCTION, null).token().value()).isEqualTo("secret");
    assertThatThrownBy(() -> contexts.choose(null, URI.create("https://other:8080"), null))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("not signed in to https://other:8080");
  }

  @Test
  void a_broken_file_is_told_and_not_shown() throws IOException {
    contexts.put("default", context(PRODUCTION, "secret"));
    Files.writeString(contexts.file(), "{\"secret");
    assertThatThrownBy(contexts::read)
        .hasMessageContaining("sign in anew")
        .hasMessageNotContaining("secret");
  }

  @Test
  void addresses_are_counted_from_the_first_where_it_has_a_port() {
    var counted = Addresses.counted(PRODUCTION);
    assertThat(counted.queue()).isEqualTo(URI.create("https://slipway.example.com:8081"));
    assertThat(counted.replication()).isEqualTo(URI.create("https://slipway.example.com:8083"));
    assertThatThrownBy(() -> Addresses.counted(URI.create("https://slipway.example.com")))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("--queue");
    assertThatThrownBy(() -> Addresses.counted(URI.create("ftp://slipway:1")))
        .isInstanceOf(InvalidInput.class);
  }

  @Test
  void a_token_that_would_not_fit_into_a_header_is_refused_and_not_shown() {
    assertThatThrownBy(() -> new Token("se\ncret"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageNotContaining("cret");
    assertThatThrownBy(() -> new Token("")).isInstanceOf(InvalidInput.class);
    assertThat(new Token("secret").toString()).doesNotContain("secret");
  }
}
