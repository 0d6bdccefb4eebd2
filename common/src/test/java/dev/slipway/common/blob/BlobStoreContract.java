package dev.slipway.common.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.InvalidInput;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every kind of bucket does alike. */
@NullMarked
abstract class BlobStoreContract {
  static final String NAME = "artifacts/app/0123";

  /** The bucket under test, empty at first. */
  abstract BlobStore store();

  /** Another bucket of the same kind, empty at first. */
  abstract BlobStore home() throws IOException;

  BlobInfo put(String name, byte[] bytes) throws IOException {
    return store().create(name, out -> out.write(bytes));
  }

  byte[] get(String name, long offset, long length) throws IOException {
    try (var in = store().read(name, offset, length)) {
      return in.readAllBytes();
    }
  }

  byte[] get(String name) throws IOException {
    return get(name, 0, Long.MAX_VALUE);
  }

  static byte[] random(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @Test
  void what_was_created_is_described_and_read_back() throws IOException {
    var created = put(NAME, "123456789".getBytes(UTF_8));

    assertThat(created.name()).isEqualTo(NAME);
    assertThat(created.size()).isEqualTo(9);
    assertThat(created.crc32c()).isEqualTo("4waSgw==");
    assertThat(created.generation()).isPositive();
    assertThat(store().stat(NAME)).contains(created);
    assertThat(get(NAME)).asString(UTF_8).isEqualTo("123456789");
  }

  @Test
  void a_missing_object_has_no_description_and_cannot_be_read_or_moved() throws IOException {
    assertThat(store().stat(NAME)).isEmpty();
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> get(NAME));
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> store().move(NAME, "other"));
    store().delete(NAME);
  }

  @Test
  void ranges_end_where_the_object_ends() throws IOException {
    put(NAME, "0123456789".getBytes(UTF_8));

    assertThat(get(NAME, 3, 4)).asString(UTF_8).isEqualTo("3456");
    assertThat(get(NAME, 7, 100)).asString(UTF_8).isEqualTo("789");
    assertThat(get(NAME, 0, 0)).isEmpty();
    assertThat(get(NAME, 10, 1)).isEmpty();
    assertThat(get(NAME, 11, Long.MAX_VALUE)).isEmpty();
    assertThatExceptionOfType(InvalidInput.class).isThrownBy(() -> get(NAME, -1, 1));
    assertThatExceptionOfType(InvalidInput.class).isThrownBy(() -> get(NAME, 0, -1));
  }

  @Test
  void an_empty_object_is_an_object() throws IOException {
    var created = put(NAME, new byte[0]);

    assertThat(created.size()).isZero();
    assertThat(created.crc32c()).isEqualTo("AAAAAA==");
    assertThat(store().stat(NAME)).contains(created);
    assertThat(get(NAME)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {256 << 10, 512 << 10, (3 << 20) + 7})
  void an_object_of_several_chunks_is_whole(int size) throws IOException {
    var bytes = random(size);

    assertThat(put(NAME, bytes).crc32c()).isEqualTo(Crc32c.of(bytes));
    assertThat(get(NAME)).isEqualTo(bytes);
    assertThat(get(NAME, size - 5, 5))
        .hasSize(5)
        .containsExactly(
            bytes[size - 5], bytes[size - 4], bytes[size - 3], bytes[size - 2], bytes[size - 1]);
  }

  @Test
  void content_may_come_byte_by_byte_and_close_its_stream() throws IOException {
    var created =
        store()
            .create(
                NAME,
                out -> {
                  for (var b : "123456789".getBytes(UTF_8)) {
                    out.write(b);
                  }
                  out.close();
                });

    assertThat(created.crc32c()).isEqualTo("4waSgw==");
  }

  @Test
  void an_object_that_exists_is_kept() throws IOException {
    var first = put(NAME, "first".getBytes(UTF_8));

    assertThatExceptionOfType(BlobExists.class)
        .isThrownBy(() -> put(NAME, "second".getBytes(UTF_8)));
    assertThat(store().stat(NAME)).contains(first);
    assertThat(get(NAME)).asString(UTF_8).isEqualTo("first");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 600 << 10})
  void content_that_fails_leaves_nothing_and_can_be_tried_again(int after) throws IOException {
    assertThatThrownBy(() ->
            store()
                .create(
                    NAME,
                    out -> {
                      out.write(new byte[after]);
                      out.close();
                      throw new IOException("half-way");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("half-way");

    assertThat(store().stat(NAME)).isEmpty();
    assertThat(put(NAME, new byte[1]).size()).isEqualTo(1);
  }

  @Test
  void of_two_writers_of_one_name_one_wins() throws Exception {
    var together = new CyclicBarrier(2);
    var outcomes = new ArrayList<String>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers =
          List.of("one", "two").stream()
              .map(text -> threads.submit(writer(text, together)))
              .toList();
      for (var writer : writers) {
        outcomes.add(outcome(writer::get));
      }
    }

    assertThat(outcomes).containsOnlyOnce("exists");
    outcomes.remove("exists");
    assertThat(get(NAME)).asString(UTF_8).isEqualTo(outcomes.getFirst());
  }

  private Callable<String> writer(String text, CyclicBarrier together) {
    return () -> {
      store()
          .create(
              NAME,
              out -> {
                meet(together);
                out.write(text.getBytes(UTF_8));
              });
      return text;
    };
  }

  private static void meet(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IOException(e);
    }
  }

  private static String outcome(Callable<String> writer) throws Exception {
    try {
      return writer.call();
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(BlobExists.class);
      return "exists";
    }
  }

  @Test
  void a_moved_object_has_its_new_name_only() throws IOException {
    var bytes = random((2 << 20) + 5);
    var before = put("uploads/app/1-1", bytes);

    var after = store().move("uploads/app/1-1", NAME);

    assertThat(after.name()).isEqualTo(NAME);
    assertThat(after.crc32c()).isEqualTo(before.crc32c());
    assertThat(store().stat(NAME)).contains(after);
    assertThat(store().stat("uploads/app/1-1")).isEmpty();
    assertThat(get(NAME)).isEqualTo(bytes);
  }

  @Test
  void a_move_done_twice_or_onto_an_object_keeps_what_is_there() throws IOException {
    put("a", "first".getBytes(UTF_8));
    var moved = store().move("a", "b");
    assertThat(store().move("a", "b")).isEqualTo(moved);

    put("c", "second".getBytes(UTF_8));
    assertThat(store().move("c", "b")).isEqualTo(moved);
    assertThat(store().stat("c")).isEmpty();
    assertThat(get("b")).asString(UTF_8).isEqualTo("first");

    assertThat(store().move("b", "b")).isEqualTo(moved);
    assertThat(get("b")).asString(UTF_8).isEqualTo("first");
  }

  @Test
  void a_name_written_anew_has_another_generation() throws IOException {
    var first = put(NAME, new byte[3]);
    store().delete(NAME);
    assertThat(store().stat(NAME)).isEmpty();

    assertThat(put(NAME, new byte[3]).generation()).isNotEqualTo(first.generation());
  }

  @Test
  void objects_are_listed_in_the_order_of_their_names() throws IOException {
    var names = List.of("a", "b-c", "b.d", "b/c", "b/c-d", "b/c0", "b/d/e", "b0", "c/d");
    for (var name : names.reversed()) {
      put(name, new byte[1]);
    }

    assertThat(names("", "", 1_000)).isEqualTo(names);
    assertThat(names("b/", "", 1_000)).containsExactly("b/c", "b/c-d", "b/c0", "b/d/e");
    assertThat(names("b/d/", "", 1_000)).containsExactly("b/d/e");
    assertThat(names("d/", "", 1_000)).isEmpty();
    assertThat(names("a/", "", 1_000)).isEmpty();
    assertThat(store().list("b/d/", "", 1)).containsExactly(store().stat("b/d/e").orElseThrow());
  }

  @Test
  void a_listing_goes_on_behind_the_name_where_it_ended() throws IOException {
    var names = List.of("a", "b-c", "b/c", "b/c-d", "b/c0", "b/d/e", "b0", "c");
    for (var name : names) {
      put(name, new byte[1]);
    }

    for (var i = 0; i < names.size(); i++) {
      var rest = names.subList(i + 1, names.size());
      assertThat(names("", names.get(i), 1_000)).isEqualTo(rest);
      assertThat(names("", names.get(i), 2)).isEqualTo(rest.stream().limit(2).toList());
    }
    assertThat(names("b/", "a", 2)).containsExactly("b/c", "b/c-d");
    assertThat(names("b/", "b/c/x", 2)).containsExactly("b/c0", "b/d/e");
    assertThat(names("b/", "b0", 2)).isEmpty();
  }

  @Test
  void what_nobody_can_ask_for_cannot_be_listed() {
    for (var prefix : List.of("/", "b", "b//", "../", ".b/", "b/../")) {
      assertThatExceptionOfType(InvalidInput.class)
          .isThrownBy(() -> store().list(prefix, "", 1))
          .withMessageContaining("prefix");
    }
    assertThatExceptionOfType(InvalidInput.class).isThrownBy(() -> store().list("", "../a", 1));
    for (var limit : new int[] {-1, 0, 1_001}) {
      assertThatExceptionOfType(InvalidInput.class)
          .isThrownBy(() -> store().list("", "", limit))
          .withMessage("limit must be 1 to 1000");
    }
  }

  private List<String> names(String prefix, String after, int limit) throws IOException {
    return store().list(prefix, after, limit).stream().map(BlobInfo::name).toList();
  }

  @Test
  void an_object_is_copied_from_another_bucket() throws IOException {
    var bytes = random((2 << 20) + 5);
    var original = home().create(NAME, out -> out.write(bytes));

    var copy = store().copyFrom(home(), original);

    assertThat(copy.name()).isEqualTo(NAME);
    assertThat(copy.size()).isEqualTo(bytes.length);
    assertThat(copy.crc32c()).isEqualTo(original.crc32c());
    assertThat(store().stat(NAME)).contains(copy);
    assertThat(get(NAME)).isEqualTo(bytes);
    assertThat(home().stat(NAME)).contains(original);
  }

  @Test
  void a_copy_is_an_object_of_its_own() throws IOException {
    var original = home().create(NAME, out -> out.write(new byte[10]));
    var copy = store().copyFrom(home(), original);

    home().delete(NAME);

    assertThat(store().stat(NAME)).contains(copy);
    assertThat(get(NAME)).hasSize(10);
  }

  @Test
  void a_copy_keeps_what_is_there() throws IOException {
    var original = home().create(NAME, out -> out.write(new byte[10]));
    var first = put(NAME, "first".getBytes(UTF_8));

    assertThatExceptionOfType(BlobExists.class)
        .isThrownBy(() -> store().copyFrom(home(), original));
    assertThat(store().stat(NAME)).contains(first);
  }

  @Test
  void what_is_not_what_it_was_is_not_copied() throws IOException {
    var original = home().create(NAME, out -> out.write(new byte[10]));
    home().delete(NAME);
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> store().copyFrom(home(), original));

    home().create(NAME, out -> out.write(new byte[11]));
    assertThatIOException().isThrownBy(() -> store().copyFrom(home(), original));
    var now = home().stat(NAME).orElseThrow();
    var lie = new BlobInfo(NAME, 11, original.crc32c(), now.generation());
    assertThatIOException()
        .isThrownBy(() -> store().copyFrom(home(), lie))
        .withMessage(NAME + " holds other bytes than it was said to");
    assertThat(store().stat(NAME)).isEmpty();
  }

  @Test
  void buckets_of_another_kind_are_copied_from(@TempDir Path folder) throws IOException {
    var bytes = random((1 << 20) + 5);
    var other = new FolderBlobStore(folder);
    var original = other.create(NAME, out -> out.write(bytes));

    assertThat(store().copyFrom(other, original).crc32c()).isEqualTo(original.crc32c());
    assertThat(get(NAME)).isEqualTo(bytes);
    assertThatExceptionOfType(BlobExists.class).isThrownBy(() -> store().copyFrom(other, original));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "a//b",
        "a/",
        ".",
        "..",
        "../a",
        "a/../b",
        "a/./b",
        ".hidden",
        "a/.hidden",
        "a\\b",
        "a\nb",
        "a\u0000b",
        "a b",
        "a:b",
        "ä",
        "a/~",
        "%2e%2e/a",
        "*"
      })
  void hostile_names_are_refused(String name) throws IOException {
    refused(name);
  }

  @Test
  void long_names_are_refused() throws IOException {
    var longest = ("s".repeat(199) + "/").repeat(4) + "s".repeat(200);
    assertThat(put(longest, new byte[1]).name()).isEqualTo(longest).hasSize(1_000);
    refused("s/" + longest);
    refused("s".repeat(201));
  }

  private void refused(String name) throws IOException {
    store().delete("good");
    put("good", new byte[1]);
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> put(name, new byte[1]))
        .withMessageContaining("object name")
        .withMessageContaining("1000");
    assertThatExceptionOfType(InvalidInput.class).isThrownBy(() -> store().stat(name));
    assertThatExceptionOfType(InvalidInput.class).isThrownBy(() -> get(name));
    assertThatExceptionOfType(InvalidInput.class).isThrownBy(() -> store().delete(name));
    assertThatExceptionOfType(InvalidInput.class).isThrownBy(() -> store().move(name, "b"));
    assertThatExceptionOfType(InvalidInput.class).isThrownBy(() -> store().move("good", name));
    assertThat(store().stat("good")).isPresent();
  }
}
