package dev.slipway.worker.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.artifact.Form;
import dev.slipway.worker.job.BuildFailed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class PackerTest {
  @TempDir Path dir;

  @Test
  void equal_folders_are_equal_bytes_of_the_size_said_before() throws Exception {
    var one = bytes(folder("one", false));
    var two = bytes(folder("two", true));
    assertThat(one).isEqualTo(two);
  }

  @Test
  void the_umask_of_who_built_a_folder_does_not_matter() throws Exception {
    var strict = bytes(folder("strict", false));
    var folder = dir.resolve("strict");
    for (var path : new String[] {"bin", "bin/run", "empty"}) {
      Files.setPosixFilePermissions(
          folder.resolve(path), PosixFilePermissions.fromString("rwxrwxr-x"));
    }
    Files.setPosixFilePermissions(
        folder.resolve("umlaut-\u00e4"), PosixFilePermissions.fromString("rw-rw-rw-"));

    assertThat(bytes(Packer.pack(folder, "strict"))).isEqualTo(strict);
  }

  @Test
  void a_tar_keeps_modes_links_and_long_names_and_nothing_else() throws Exception {
    var entries = new LinkedHashMap<String, TarArchiveEntry>();
    try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(bytes(folder("x", false))))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries.put(entry.getName(), entry);
      }
    }
    var deep = "deep/" + "n".repeat(150) + "/" + "m".repeat(150) + ".txt";
    assertThat(entries)
        .containsOnlyKeys(
            "bin/",
            "bin/run",
            "deep/",
            "deep/" + "n".repeat(150) + "/",
            deep,
            "empty/",
            "link",
            "umlaut-\u00e4");
    assertThat(entries).extractingByKey("bin/run").returns(0100755, TarArchiveEntry::getMode);
    assertThat(entries).extractingByKey(deep).returns(0100640, TarArchiveEntry::getMode);
    assertThat(entries).extractingByKey("link").returns("bin/run", TarArchiveEntry::getLinkName);
    assertThat(entries.values())
        .allSatisfy(entry -> {
          assertThat(entry.getLastModifiedTime().toMillis()).isZero();
          assertThat(entry.getLongUserId() + entry.getLongGroupId()).isZero();
          assertThat(entry.getUserName() + entry.getGroupName()).isEmpty();
        });
  }

  @Test
  void a_file_is_packed_as_it_is() throws Exception {
    var file = Files.writeString(dir.resolve("app.jar"), "content");
    var packed = Packer.pack(file, "app.jar");
    assertThat(packed.form()).isEqualTo(Form.FILE);
    assertThat(packed.size()).isEqualTo(7);
    assertThat(bytes(packed)).asString().isEqualTo("content");
  }

  @Test
  void what_is_empty_is_refused() throws Exception {
    var file = Files.createFile(dir.resolve("app.jar"));
    refused(file, "the artifact app.jar is empty");
    refused(Files.createDirectory(dir.resolve("out")), "the artifact out is an empty folder");
  }

  @Test
  void links_that_leave_the_folder_are_refused() throws Exception {
    var folder = Files.createDirectory(dir.resolve("out"));
    var link = folder.resolve("link");
    Files.createSymbolicLink(link, Path.of("../../etc"));
    refused(folder, "the artifact's link is a link to nothing: ../../etc");
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of(".."));
    refused(folder, "the artifact's link is a link that leaves it: ..");
    Files.delete(link);
    Files.createSymbolicLink(link, folder.toAbsolutePath());
    refused(folder, "the artifact's link is a link that leaves it: " + folder.toAbsolutePath());
    Files.delete(link);
    Files.createSymbolicLink(folder.resolve("self"), Path.of("."));
    Files.createSymbolicLink(link, Path.of("self/../x"));
    refused(folder, "the artifact's link is a link to nothing: self/../x");
    Files.createFile(dir.resolve("x"));
    refused(folder, "the artifact's link is a link that leaves it: self/../x");
  }

  @Test
  void a_pipe_is_refused() throws Exception {
    var folder = Files.createDirectory(dir.resolve("out"));
    new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start().waitFor();
    refused(folder, "the artifact's pipe is neither a file, a folder nor a link");
  }

  private void refused(Path artifact, String message) {
    assertThatThrownBy(() -> Packer.pack(artifact, artifact.getFileName().toString()))
        .isInstanceOf(BuildFailed.class)
        .hasMessage(message);
  }

  private static byte[] bytes(Packed packed) throws IOException {
    var out = new ByteArrayOutputStream();
    packed.writeTo(out);
    assertThat(out.size()).isEqualTo(packed.size());
    return out.toByteArray();
  }

  /** The same content, made in another order and at another time. */
  private Packed folder(String name, boolean backwards) throws Exception {
    var folder = Files.createDirectory(dir.resolve(name));
    var deep = folder.resolve("deep/" + "n".repeat(150) + "/" + "m".repeat(150) + ".txt");
    if (backwards) {
      Files.createSymbolicLink(folder.resolve("link"), Path.of("bin/run"));
      write(folder.resolve("umlaut-\u00e4"), "rw-r--r--");
      write(deep, "rw-r-----");
    }
    write(folder.resolve("bin/run"), "rwxr-xr-x");
    Files.createDirectory(folder.resolve("empty"));
    if (!backwards) {
      write(deep, "rw-r-----");
      write(folder.resolve("umlaut-\u00e4"), "rw-r--r--");
      Files.createSymbolicLink(folder.resolve("link"), Path.of("bin/run"));
    }
    Files.setLastModifiedTime(
        folder.resolve("bin/run"), FileTime.fromMillis(backwards ? 1_000 : 2_000));
    return Packer.pack(folder, name);
  }

  private static void write(Path file, String mode) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "content of " + file.getFileName());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }
}
