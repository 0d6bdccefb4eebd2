package dev.slipway.common.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.common.problem.InvalidInput;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class BlobStoresTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void a_folder_is_made_where_it_is_missing(@TempDir Path root) throws IOException {
    var folder = root.resolve("data/bucket");

    BlobStores.open(folder.toUri()).create("a", out -> out.write(1));

    assertThat(folder.resolve("a")).hasBinaryContent(new byte[] {1});
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "folder",
        "/folder",
        "file:folder",
        "file://host/folder",
        "file:///folder?x",
        "gs:///",
        "gs:name",
        "gs://name/path",
        "gs://name?x",
        "gs://name#x",
        "gs://n",
        "gs://Name",
        "s3://name",
        "http://name"
      })
  void other_addresses_are_refused(String address) {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> BlobStores.open(URI.create(address)))
        .withMessageContaining("must be file:///folder or gs://name");
  }

  @Test
  void requests_and_bytes_are_counted(@TempDir Path root) throws IOException {
    var store = BlobStores.open(root.toUri(), meters);

    store.create("a", out -> out.write(new byte[100]));
    assertThatExceptionOfType(BlobExists.class).isThrownBy(() -> store.create("a", out -> {}));
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> store.move("b", "c"));
    try (var in = store.read("a", 10, 20)) {
      in.readAllBytes();
    }
    assertThat(store.list("", "", 1)).hasSize(1);
    var other = BlobStores.open(root.resolve("other").toUri());
    store.copyFrom(other, other.create("c", out -> out.write(new byte[50])));
    store.delete("a");
    assertThat(store.stat("a")).isEmpty();

    assertThat(requests("list", "ok")).isEqualTo(1);
    assertThat(requests("copy", "ok")).isEqualTo(1);
    assertThat(meters.counter("slipway.blob.bytes", "op", "copy").count()).isEqualTo(50);
    assertThat(requests("create", "ok")).isEqualTo(1);
    assertThat(requests("create", "exists")).isEqualTo(1);
    assertThat(requests("move", "missing")).isEqualTo(1);
    assertThat(requests("delete", "ok")).isEqualTo(1);
    assertThat(requests("stat", "ok")).isEqualTo(1);
    assertThat(meters.counter("slipway.blob.bytes", "op", "create").count()).isEqualTo(100);
    assertThat(meters.counter("slipway.blob.bytes", "op", "read").count()).isEqualTo(20);
  }

  private long requests(String op, String outcome) {
    return meters.get("slipway.blob.requests").tags("op", op, "outcome", outcome).timer().count();
  }
}
