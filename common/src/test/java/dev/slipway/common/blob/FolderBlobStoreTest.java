package dev.slipway.common.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class FolderBlobStoreTest extends BlobStoreContract {
  private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");

  private final Path root;
  private final Path outside;
  private final BlobStore store;

  FolderBlobStoreTest(@TempDir Path root, @TempDir Path outside) throws IOException {
    this.root = root;
    this.outside = outside;
    store = new FolderBlobStore(root);
  }

  @Override
  BlobStore store() {
    return store;
  }

  @Override
  BlobStore home() throws IOException {
    return new FolderBlobStore(outside.resolve("home"));
  }

  @Test
  void another_store_of_the_folder_sees_the_same() throws IOException {
    var created = put(NAME, random(1_000));

    assertThat(new FolderBlobStore(root).stat(NAME)).contains(created);
    assertThat(root.resolve(NAME)).hasBinaryContent(random(1_000));
  }

  @Test
  void a_byte_that_was_changed_shows_at_once() throws IOException {
    var created = put(NAME, random(1_000));

    try (var file = new RandomAccessFile(root.resolve(NAME).toFile(), "rw")) {
      file.seek(500);
      file.write(random(1_000)[500] ^ 1);
    }

    var found = store.stat(NAME).orElseThrow();
    assertThat(found.size()).isEqualTo(created.size());
    assertThat(found.crc32c()).isEqualTo(Crc32c.of(get(NAME))).isNotEqualTo(created.crc32c());
    assertThat(found.generation()).isNotEqualTo(created.generation());
    assertThat(store.stat(NAME)).contains(found);
  }

  @Test
  void an_object_that_was_cut_short_shows_at_once() throws IOException {
    put(NAME, random(1_000));

    try (var file = new RandomAccessFile(root.resolve(NAME).toFile(), "rw")) {
      file.setLength(10);
    }

    var found = store.stat(NAME).orElseThrow();
    assertThat(found.size()).isEqualTo(10);
    assertThat(found.crc32c()).isEqualTo(Crc32c.of(get(NAME)));
  }

  @Test
  void bytes_that_rot_without_a_trace_show_in_a_full_read() throws IOException {
    var created = put(NAME, random(1_000));
    var file = root.resolve(NAME);
    var time = Files.getLastModifiedTime(file);

    Files.write(file, new byte[1_000]);
    Files.setLastModifiedTime(file, time);

    assertThat(Crc32c.of(get(NAME))).isNotEqualTo(created.crc32c());
  }

  @Test
  void a_read_that_is_cut_short_fails_instead_of_ending() throws IOException {
    put(NAME, random(100_000));

    try (var in = store.read(NAME, 0, Long.MAX_VALUE)) {
      in.readNBytes(10);
      try (var file = new RandomAccessFile(root.resolve(NAME).toFile(), "rw")) {
        file.setLength(50);
      }
      assertThatIOException().isThrownBy(in::readAllBytes).withMessageContaining("early");
    }
  }

  @Test
  void a_file_that_somebody_else_put_there_is_described() throws IOException {
    Files.writeString(root.resolve("foreign"), "123456789");

    assertThat(store.stat("foreign").orElseThrow().crc32c()).isEqualTo("4waSgw==");
  }

  @Test
  void symbolic_links_are_not_followed() throws IOException {
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createSymbolicLink(root.resolve("folder"), outside);
    Files.createSymbolicLink(root.resolve("file"), outside.resolve("secret"));

    for (var name : new String[] {"folder/secret", "file"}) {
      assertThatIOException().isThrownBy(() -> get(name)).withMessageContaining("symbolic");
      assertThatIOException().isThrownBy(() -> store.stat(name));
      assertThatIOException().isThrownBy(() -> store.delete(name));
      assertThatIOException().isThrownBy(() -> store.move(name, "stolen"));
      assertThatIOException().isThrownBy(() -> put(name, new byte[1]));
    }
    put("good", new byte[1]);
    assertThatIOException().isThrownBy(() -> put("folder/new", new byte[1]));
    assertThatIOException().isThrownBy(() -> store.move("good", "folder/new"));
    assertThat(store.stat("good")).isPresent();
    assertThat(outside).isDirectoryContaining("glob:**secret");
    assertThat(outside.resolve("new")).doesNotExist();
  }

  @Test
  void hidden_files_links_and_empty_folders_are_not_listed() throws IOException {
    put("a/b", new byte[1]);
    Files.writeString(root.resolve("a/.hidden"), "x");
    Files.writeString(root.resolve("a/b c"), "x");
    Files.createDirectory(root.resolve("a/empty"));
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createSymbolicLink(root.resolve("a/folder"), outside);
    Files.createSymbolicLink(root.resolve("a/file"), outside.resolve("secret"));

    store.create(
        "other",
        out -> assertThat(store.list("", "", 10)).extracting(BlobInfo::name).containsOnly("a/b"));
    assertThatIOException().isThrownBy(() -> store.list("a/folder/", "", 10));
  }

  @Test
  void a_folder_is_no_object_and_takes_no_objects_place() throws IOException {
    put("a/b", new byte[1]);
    put("c", new byte[2]);

    assertThat(store.stat("a")).isEmpty();
    assertThatIOException().isThrownBy(() -> get("a"));
    assertThatIOException().isThrownBy(() -> store.move("c", "a")).withMessageContaining("folder");
    assertThat(store.stat("c")).isPresent();
    store.delete("a");
    assertThat(store.stat("a/b")).isPresent();
  }

  @Test
  void an_upload_is_invisible_until_it_is_whole() throws IOException {
    store.create(
        NAME,
        out -> {
          out.write(random(1_000));
          out.flush();
          assertThat(store.stat(NAME)).isEmpty();
          assertThat(uploads()).isEqualTo(1);
        });
    assertThat(uploads()).isZero();
  }

  @Test
  void what_a_dead_writer_left_is_removed_once_it_is_old() throws IOException {
    var old = leftover("old", NOW.minus(Duration.ofHours(25)));
    var fresh = leftover("fresh", NOW.minus(Duration.ofHours(23)));

    var reopened = new FolderBlobStore(root, Clock.fixed(NOW, ZoneOffset.UTC));

    assertThat(reopened.stat("old")).isEmpty();
    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
  }

  @Test
  void a_writer_that_died_between_link_and_clean_up_has_written() throws IOException {
    put(NAME, "whole".getBytes(UTF_8));
    Files.createLink(root.resolve(".uploads/left"), root.resolve(NAME));

    new FolderBlobStore(root, Clock.offset(Clock.systemUTC(), Duration.ofDays(2)));

    assertThat(uploads()).isZero();
    assertThat(get(NAME)).asString(UTF_8).isEqualTo("whole");
  }

  private Path leftover(String name, Instant touched) throws IOException {
    var file = Files.writeString(root.resolve(".uploads").resolve(name), "half");
    return Files.setLastModifiedTime(file, FileTime.from(touched));
  }

  private long uploads() throws IOException {
    try (var files = Files.list(root.resolve(".uploads"))) {
      return files.count();
    }
  }
}
