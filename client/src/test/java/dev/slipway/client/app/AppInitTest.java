package dev.slipway.client.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.recipe.RecipeParser;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

@NullMarked
class AppInitTest {
  static Object[] kits() {
    return Kit.all().toArray();
  }

  @ParameterizedTest
  @MethodSource("kits")
  void every_file_to_begin_with_is_one_that_workers_understand(Kit kit) {
    var recipe = RecipeParser.parse("slipway.yml", kit.recipe());
    assertThat(recipe.build().command()).isEqualTo(kit.command());
    assertThat(recipe.run()).isNotNull();
  }

  @Test
  void what_a_folder_holds_says_what_builds_it(@TempDir Path folder) throws IOException {
    assertThat(Kit.of(folder).name()).isEqualTo("make");
    Files.createFile(folder.resolve("pom.xml"));
    assertThat(Kit.of(folder).name()).isEqualTo("Maven");
    Files.createFile(folder.resolve("mvnw"));
    assertThat(Kit.of(folder).name()).isEqualTo("Maven's wrapper");
  }

  @ParameterizedTest
  @CsvSource({
    "https://git.example.com/ann/Hello_World.git, hello-world",
    "git@git.example.com:ann/shop, shop",
    "file:///srv/git/9lives.git/, lives",
    "https://git.example.com/a/a-name-that-is-much-too-long-for-an-app-of-slipway, a-name-that-is-much-too-long-for-an-app"
  })
  void an_app_is_called_as_its_repository(String address, String name) {
    assertThat(Git.nameOf(address)).isEqualTo(name);
  }

  @Test
  void a_repository_without_a_name_suggests_none() {
    assertThatThrownBy(() -> Git.nameOf("https://git.example.com/ann/123"))
        .isInstanceOf(InvalidInput.class);
  }

  @ParameterizedTest
  @CsvSource({
    "https://ann:token@git.example.com/a.git, https://git.example.com/a.git",
    "https://token@git.example.com/a.git, https://git.example.com/a.git",
    "ssh://git:pw@git.example.com/a.git, ssh://git@git.example.com/a.git",
    "git@git.example.com:a.git, git@git.example.com:a.git"
  })
  void passwords_in_a_clones_address_stay_here(String address, String sent) {
    assertThat(Git.withoutSecrets(address)).isEqualTo(sent);
  }

  @Test
  void the_settings_are_those_of_the_forge_that_hosts_the_repository() {
    var app =
        JsonMapper.shared()
            .readTree(
                """
                {"repository": "https://github.com/ann/hello.git", "webhookSecret": "abc",
                 "webhooks": {"github": "/webhooks/github", "gitlab": "/webhooks/gitlab"}}
                """);
    assertThat(WebhookSettings.of(app, URI.create("https://queue.example.com/")))
        .anyMatch(line -> line.endsWith(" https://queue.example.com/webhooks/github"))
        .noneMatch(line -> line.contains("gitlab"))
        .anyMatch(line -> line.endsWith(" abc"));
  }
}
