package dev.slipway.common.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.slipway.common.blob.FakeGcsServer.Fault;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
@Timeout(120)
class GcsCompositeTest {
  private static final String NAME = "uploads/app/1-1";
  private static final int PART = 256 << 10;

  /** Five parts. */
  private static final int SIZE = 4 * PART + 9;

  private final FakeGcsServer server = new FakeGcsServer("bucket");
  private final BlobStore store = store(PART, Duration.ofSeconds(20));

  GcsCompositeTest() throws IOException {}

  private BlobStore store(int part, Duration patience) {
    return new GcsBlobStore(server.storage(patience), "bucket", new GcsSizes(part, 1));
  }

  private BlobInfo put(BlobStore into, byte[] bytes) throws IOException {
    return into.create(NAME, bytes.length, out -> out.write(bytes));
  }

  private void holds(byte[] bytes) throws IOException {
    server.forgive();
    assertThat(store.list("", "", 100)).extracting(BlobInfo::name).containsExactly(NAME);
    try (var in = store.read(NAME, 0, Long.MAX_VALUE)) {
      assertThat(in.readAllBytes()).isEqualTo(bytes);
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, PART - 1, PART, PART + 1, 5 * PART, 32 * PART, 32 * PART + 1, 67 * PART})
  void a_large_object_is_composed_of_parts_that_are_removed(int size) throws IOException {
    var bytes = BlobStoreContract.random(size);

    var created = put(store, bytes);

    assertThat(created.size()).isEqualTo(size);
    assertThat(created.crc32c()).isEqualTo(Crc32c.of(bytes));
    assertThat(server.chunkBytes()).isEqualTo(size);
    holds(bytes);
  }

  @Test
  void a_wrong_size_said_before_does_no_harm() throws IOException {
    assertThat(store.create(NAME, 1_000, out -> {}).size()).isZero();
    holds(new byte[0]);
  }

  /** One request more passes each time, so that every step fails once. */
  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"UNAVAILABLE", "LOSE_ANSWER", "CUT_UPLOAD", "DAMAGE_UPLOAD"})
  void every_step_survives_a_request_that_failed(Fault fault) throws IOException {
    var bytes = BlobStoreContract.random(SIZE);
    for (var step = 0; server.pending() == 0; step++) {
      store.delete(NAME);
      server.after(step, fault);
      assertThat(put(store, bytes).crc32c()).isEqualTo(Crc32c.of(bytes));
      if (server.pending() == 0) {
        holds(bytes);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CUT_UPLOAD", "DAMAGE_UPLOAD"})
  void what_fails_of_a_part_is_sent_again_and_not_the_whole(Fault fault) throws IOException {
    server.after(2, fault);

    put(store, BlobStoreContract.random(SIZE));

    assertThat(server.pending()).isZero();
    assertThat(server.chunkBytes()).isGreaterThan(SIZE).isLessThanOrEqualTo(SIZE + PART);
    holds(BlobStoreContract.random(SIZE));
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"STALL", "STALL_UPLOAD"})
  void a_part_that_stalls_is_given_up_and_sent_again(Fault fault) throws IOException {
    // more than the system takes in its own buffers
    var part = 16 << 20;
    var bytes = BlobStoreContract.random(3 * part);
    server.after(fault == Fault.STALL ? 4 : 1, fault);

    put(store(part, Duration.ofMillis(1_500)), bytes);

    assertThat(server.pending()).isZero();
    assertThat(server.chunkBytes()).isLessThanOrEqualTo(4L * part);
    holds(bytes);
  }

  @Test
  void a_part_that_stays_damaged_fails_all_and_leaves_nothing() throws IOException {
    server.next(Fault.DAMAGE_UPLOAD, 100);

    assertThatIOException()
        .isThrownBy(() -> put(store, BlobStoreContract.random(SIZE)))
        .withMessageContaining("400");
    assertThat(store.list("", "", 100)).isEmpty();
  }

  @Test
  void a_service_that_goes_away_fails_it_before_all_is_read() throws IOException {
    assertThatIOException()
        .isThrownBy(() ->
            store.create(
                NAME,
                SIZE,
                out -> {
                  out.write(new byte[SIZE]);
                  server.next(Fault.UNAVAILABLE, 10_000);
                  while (true) {
                    out.write(new byte[PART]);
                  }
                }));
    server.forgive();
    assertThat(store.stat(NAME)).isEmpty();
  }

  @Test
  void content_that_fails_leaves_nothing() throws IOException {
    assertThatIOException()
        .isThrownBy(() ->
            store.create(
                NAME,
                SIZE,
                out -> {
                  out.write(new byte[SIZE]);
                  throw new IOException("half-way");
                }))
        .withMessage("half-way");
    assertThat(store.list("", "", 100)).isEmpty();
  }

  @Test
  void an_interrupt_leaves_nothing_and_stays_to_be_seen() throws IOException {
    assertThatExceptionOfType(InterruptedIOException.class)
        .isThrownBy(() ->
            store.create(
                NAME,
                SIZE,
                out -> {
                  out.write(new byte[SIZE]);
                  Thread.currentThread().interrupt();
                  out.write(new byte[SIZE]);
                }));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(store.list("", "", 100)).isEmpty();
  }

  @Test
  void an_object_that_appeared_meanwhile_is_kept() throws IOException {
    assertThatExceptionOfType(BlobExists.class)
        .isThrownBy(() ->
            store.create(
                NAME,
                SIZE,
                out -> {
                  out.write(new byte[SIZE]);
                  store.create(NAME, other -> other.write(7));
                }));
    holds(new byte[] {7});
  }
}
