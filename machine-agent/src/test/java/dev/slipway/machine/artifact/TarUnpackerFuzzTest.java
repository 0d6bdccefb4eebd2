package dev.slipway.machine.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.machine.file.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;

@NullMarked
class TarUnpackerFuzzTest {
  private static final int MOST_BYTES = 100_000;

  @FuzzTest(maxDuration = "2m")
  void an_archive_is_refused_or_stays_in_its_folder(byte[] tar) throws Exception {
    var place = Files.createTempDirectory("fuzz");
    try {
      var archive = Files.write(place.resolve("archive"), tar);
      var root = Files.createDirectory(place.resolve("root"));
      unpack(archive, root);
      try (var beside = Files.list(place)) {
        assertThat(beside).containsExactlyInAnyOrder(archive, root);
      }
      try (var found = Files.walk(root)) {
        assertThat(found).allMatch(path -> isHarmless(root, path));
      }
    } finally {
      Durable.delete(place);
    }
  }

  private static void unpack(Path archive, Path root) throws InterruptedException {
    try {
      new TarUnpacker(root, MOST_BYTES, 100).unpack(archive);
    } catch (Refused | IOException refused) {
      assertThat(refused.getMessage()).isNotNull();
    }
  }

  /** A file, a folder, or a link that does not leave. */
  private static boolean isHarmless(Path root, Path path) {
    if (!Files.isSymbolicLink(path)) {
      return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
          || Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }
    try {
      var target = Files.readSymbolicLink(path);
      return !target.isAbsolute() && path.resolveSibling(target).normalize().startsWith(root);
    } catch (IOException e) {
      return false;
    }
  }
}
