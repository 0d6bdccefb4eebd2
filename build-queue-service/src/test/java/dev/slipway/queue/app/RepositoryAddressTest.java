package dev.slipway.queue.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.InvalidInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://git.example.com/acme/shop.git",
        "https://git.example.com:443/acme/shop",
        "http://GIT.example.COM/acme/shop/",
        "ssh://git@git.example.com/acme/shop.git",
        "ssh://git.example.com:22/acme/shop.git/",
        "git@git.example.com:acme/shop.git",
        "git.example.com:/acme/shop"
      })
  void every_way_to_write_an_address_has_one_key(String text) {
    assertThat(RepositoryAddress.of(text, false).key()).isEqualTo("git.example.com/acme/shop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://git.example.com:8443/acme/shop",
        "https://git.example.com/acme/Shop",
        "https://git.example.com/acme/shop.git.git",
        "https://example.com/acme/shop"
      })
  void other_repositories_have_other_keys(String text) {
    assertThat(RepositoryAddress.of(text, false).key()).isNotEqualTo("git.example.com/acme/shop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "shop",
        "--upload-pack=touch /tmp/x",
        "-oProxyCommand=x:y",
        "ext::sh -c x",
        "ext::sh",
        "https::https://git.example.com/a",
        "git://git.example.com/a",
        "ftp://git.example.com/a",
        "ssh://-oProxyCommand=x/a",
        "-host:a",
        "host:-a",
        "https://git.example.com",
        "https://git.example.com/a?b",
        "https://git.example.com/a\nb",
        "https://git.example.com/a\u0000b",
        "https://git.example.com/a b",
        "https://token@git.example.com/a",
        "https://ada:secret@git.example.com/a",
        "ssh://ada:secret@git.example.com/a",
        "ada:secret@git.example.com:a",
        "/srv/git/a",
        "file:///srv/git/a",
        "FILE:///srv/git/a"
      })
  void what_git_must_not_be_given_is_refused(String text) {
    assertThatThrownBy(() -> RepositoryAddress.of(text, false))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("repository ");
  }

  @Test
  void an_address_is_at_most_a_thousand_characters() {
    var longest = "https://git.example.com/" + "a".repeat(976);
    assertThat(RepositoryAddress.of(longest, false).text()).hasSize(1_000);
    assertThatThrownBy(() -> RepositoryAddress.of(longest + "a", false))
        .hasMessageContaining("1000");
  }

  @Test
  void a_place_on_this_machine_needs_to_be_allowed() {
    assertThat(RepositoryAddress.of("file:///srv/git/a.git", true).key())
        .isEqualTo(RepositoryAddress.of("/srv/git/a", true).key());
    assertThatThrownBy(() -> RepositoryAddress.of("srv/git/a", true))
        .isInstanceOf(InvalidInput.class);
  }

  @Test
  void a_refused_password_is_not_repeated() {
    assertThatThrownBy(() -> RepositoryAddress.of("https://ada:hunter2@git.example.com/a", false))
        .hasMessageNotContaining("hunter2");
  }
}
