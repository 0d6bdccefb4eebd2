package dev.slipway.common.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.slipway.common.blob.FakeGcsServer.Fault;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NullMarked
class GcsBlobStoreTest extends BlobStoreContract {
  /** Several chunks, and several requests to copy. */
  private static final int SIZE = (2 << 20) + 9;

  private static final int CHUNK = 256 << 10;
  private static final GcsSizes SIZES = new GcsSizes(CHUNK, 1 << 20);

  private final FakeGcsServer server = new FakeGcsServer("bucket", "home");
  private final BlobStore store = new GcsBlobStore(server.storage(), "bucket", SIZES);

  GcsBlobStoreTest() throws IOException {}

  @Override
  BlobStore store() {
    return store;
  }

  @Override
  BlobStore home() {
    return new GcsBlobStore(server.storage(), "home", SIZES);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** One request more passes each time, so that every step of every call fails once. */
  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"UNAVAILABLE", "LOSE_ANSWER"})
  void every_step_survives_a_request_that_failed(Fault fault) throws IOException {
    var bytes = random(SIZE);
    var step = 0;
    while (server.pending() == 0) {
      server.after(step++, fault);
      assertThat(put("a", bytes).crc32c()).isEqualTo(Crc32c.of(bytes));
      assertThat(store.move("a", "b").crc32c()).isEqualTo(Crc32c.of(bytes));
      assertThat(store.stat("a")).isEmpty();
      assertThat(store.list("", "a", 10)).hasSize(1);
      store.delete("b");
      assertThat(store.stat("b")).isEmpty();
    }
    assertThat(step).isGreaterThan(20);
  }

  /** As for {@link #every_step_survives_a_request_that_failed}. */
  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"UNAVAILABLE", "LOSE_ANSWER"})
  void a_copy_survives_a_request_that_failed(Fault fault) throws IOException {
    var original = home().create(NAME, out -> out.write(random(SIZE)));
    for (var step = 0; server.pending() == 0; step++) {
      store.delete(NAME);
      server.after(step, fault);
      try {
        store.copyFrom(home(), original);
      } catch (BlobExists lostAnswer) {
        assertThat(fault).isEqualTo(Fault.LOSE_ANSWER);
      }
      assertThat(get(NAME)).isEqualTo(random(SIZE));
    }
  }

  @Test
  void a_copy_inside_the_service_moves_no_bytes_through_here() throws IOException {
    var original = home().create(NAME, out -> out.write(random(SIZE)));
    server.next(Fault.CUT_DOWNLOAD);

    metered(store).copyFrom(metered(home()), original);

    assertThat(server.pending()).as("downloads to meet it").isEqualTo(1);
  }

  private static BlobStore metered(BlobStore store) {
    return new MeteredBlobStore(store, new SimpleMeterRegistry());
  }

  @Test
  void a_request_that_is_never_answered_is_given_up_and_tried_again() throws IOException {
    var impatient = new GcsBlobStore(server.storage(Duration.ofMillis(1_500)), "bucket", SIZES);
    server.after(3, Fault.STALL);
    impatient.create(NAME, out -> out.write(random(SIZE)));
    server.next(Fault.STALL);
    try (var in = impatient.read(NAME, 0, SIZE)) {
      assertThat(in.readAllBytes()).isEqualTo(random(SIZE));
    }
    assertThat(server.pending()).isZero();
  }

  @Test
  void a_chunk_that_arrived_in_part_is_taken_up_where_it_broke() throws IOException {
    var halves =
        new GcsBlobStore(server.storage(), "bucket", new GcsSizes(2 * CHUNK, Long.MAX_VALUE));
    var bytes = random(SIZE);
    server.next(Fault.CUT_UPLOAD, 3);

    halves.create(NAME, out -> out.write(bytes));

    assertThat(server.pending()).isZero();
    assertThat(get(NAME)).isEqualTo(bytes);
  }

  @Test
  void a_download_that_breaks_is_taken_up_where_it_broke() throws IOException {
    var bytes = random(SIZE);
    put(NAME, bytes);
    server.next(Fault.CUT_DOWNLOAD, 2);

    assertThat(get(NAME)).isEqualTo(bytes);
    assertThat(get(NAME, 5, SIZE - 10)).hasSize(SIZE - 10);
    assertThat(server.pending()).isZero();
  }

  @Test
  void a_damaged_download_is_an_error() throws IOException {
    put(NAME, random(SIZE));
    server.next(Fault.DAMAGE_DOWNLOAD);

    assertThatIOException().isThrownBy(() -> get(NAME));
    assertThat(get(NAME)).isEqualTo(random(SIZE));
  }

  @Test
  void a_service_that_stays_away_is_an_error_after_bounded_tries() throws IOException {
    put(NAME, new byte[1]);
    server.next(Fault.UNAVAILABLE, 100);
    var before = server.requests();

    assertThatIOException().isThrownBy(() -> store.stat(NAME)).withMessageContaining(NAME);
    assertThatIOException().isThrownBy(() -> put("other", new byte[1]));
    assertThatIOException().isThrownBy(() -> get(NAME));
    assertThatIOException().isThrownBy(() -> store.move(NAME, "b"));
    assertThatIOException().isThrownBy(() -> store.delete(NAME));
    assertThat(server.requests() - before).isLessThanOrEqualTo(30);
  }

  @Test
  void content_that_swallows_the_buckets_failure_makes_no_object() throws IOException {
    assertThatIOException()
        .isThrownBy(() ->
            store.create(
                NAME,
                out -> {
                  server.next(Fault.UNAVAILABLE, 50);
                  try {
                    out.write(random(SIZE));
                  } catch (IOException e) {
                    // as careless content does
                  }
                }));
    server.forgive();

    assertThat(store.stat(NAME)).isEmpty();
  }

  @Test
  void a_read_costs_two_requests_whatever_its_size() throws IOException {
    put(NAME, random(SIZE));
    var before = server.requests();

    get(NAME);

    assertThat(server.requests() - before).isEqualTo(2);
  }

  @Test
  void content_that_fails_leaves_its_session_open_and_the_name_free() throws IOException {
    assertThatIOException()
        .isThrownBy(() ->
            store.create(
                NAME,
                out -> {
                  out.write(random(SIZE));
                  throw new IOException("half-way");
                }));

    assertThat(server.unfinishedUploads()).isEqualTo(1);
    assertThat(store.stat(NAME)).isEmpty();
  }

  @Test
  void an_object_rewritten_while_it_is_read_is_an_error() throws IOException {
    put(NAME, "old".getBytes(UTF_8));

    try (var in = store.read(NAME, 0, 3)) {
      store.delete(NAME);
      put(NAME, "new".getBytes(UTF_8));
      assertThatIOException().isThrownBy(in::readAllBytes);
    }
  }

  @Test
  void a_bucket_that_does_not_exist_is_an_error() {
    var nowhere = new GcsBlobStore(server.storage(), "nowhere");

    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> nowhere.create(NAME, out -> out.write(1)));
  }
}
