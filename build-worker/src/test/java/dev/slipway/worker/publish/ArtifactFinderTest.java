package dev.slipway.worker.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.worker.job.BuildFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
class ArtifactFinderTest {
  @TempDir Path dir;
  private Path checkout;

  @BeforeEach
  void a_build_made_something() throws Exception {
    checkout = dir.toRealPath().resolve("checkout");
    file("target/app.jar");
    file("target/app.jar.original");
    file("target/classes/a.class");
    file("target/classes/b.class");
    file("odd[1].txt");
    file("top.zip");
    file(".git/objects/x.zip");
  }

  @ParameterizedTest
  @CsvSource({
    "target/app.jar, target/app.jar",
    "target/*.jar, target/app.jar",
    "*/*.jar, target/app.jar",
    "**/*.jar, target/app.jar",
    "**/*.zip, top.zip",
    "target/classes, target/classes",
    "target/cl*, target/classes",
    "odd[1].txt, odd[1].txt",
    "'target/{app,lib}.jar', target/app.jar",
    "target/app.ja?, target/app.jar",
  })
  void one_match_is_found(String wanted, String found) throws Exception {
    assertThat(new ArtifactFinder(checkout, wanted).find()).isEqualTo(checkout.resolve(found));
  }

  @Test
  void none_or_several_are_a_clear_failure() throws Exception {
    refused(
        "build/*.jar",
        "slipway.yml: build.artifact build/*.jar matches nothing that the build made");
    refused(
        "target/app*",
        "slipway.yml: build.artifact target/app* must match exactly one file or folder; it matches target/app.jar, target/app.jar.original");
    for (var i = 10; i < 30; i++) {
      file("many/f" + i);
    }
    refused(
        "many/*",
        "slipway.yml: build.artifact many/* must match exactly one file or folder; it matches many/f10, many/f11, many/f12, many/f13, many/f14, many/f15, many/f16, many/f17, many/f18, many/f19 and more");
    refused("a[", "slipway.yml: build.artifact a[ is not a glob: Missing ']");
  }

  @Test
  void a_link_may_not_leave_the_checkout() throws Exception {
    Files.writeString(dir.resolve("secret"), "x");
    Files.createSymbolicLink(checkout.resolve("out"), Path.of("../secret"));
    Files.createSymbolicLink(checkout.resolve("nothing"), Path.of("nowhere"));
    Files.createSymbolicLink(checkout.resolve("fine"), Path.of("target/app.jar"));
    refused("out", "slipway.yml: build.artifact out is a link that leaves the checkout");
    refused("ou*", "slipway.yml: build.artifact ou* is a link that leaves the checkout");
    refused("nothing", "slipway.yml: build.artifact nothing is a link to nothing");
    assertThat(new ArtifactFinder(checkout, "fine").find())
        .isEqualTo(checkout.resolve("target/app.jar"));
  }

  @Test
  void a_folder_on_the_way_may_not_leave_the_checkout() throws Exception {
    Files.createDirectory(dir.resolve("elsewhere"));
    Files.writeString(dir.resolve("elsewhere/app.jar"), "x");
    Files.createSymbolicLink(checkout.resolve("dist"), Path.of("../elsewhere"));
    refused(
        "dist/app.jar",
        "slipway.yml: build.artifact dist/app.jar is a link that leaves the checkout");
    refused(
        "dist/*.jar", "slipway.yml: build.artifact dist/*.jar matches nothing that the build made");
  }

  private void refused(String wanted, String message) {
    assertThatThrownBy(() -> new ArtifactFinder(checkout, wanted).find())
        .isInstanceOf(BuildFailed.class)
        .hasMessage(message);
  }

  private void file(String name) throws Exception {
    var file = checkout.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }
}
