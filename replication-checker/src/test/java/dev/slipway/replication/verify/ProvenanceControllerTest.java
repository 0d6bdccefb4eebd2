package dev.slipway.replication.verify;

import static dev.slipway.replication.Copies.BYTES;
import static dev.slipway.replication.Copies.EU;
import static dev.slipway.replication.Copies.US;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.Problem;
import dev.slipway.replication.Copies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class ProvenanceControllerTest {
  private final Copies copies;
  private final ProvenanceController controller;

  ProvenanceControllerTest(@TempDir Path folder) throws IOException {
    copies = new Copies(folder);
    controller = new ProvenanceController(copies.replicas, copies::bucket);
  }

  @Test
  void it_is_read_where_a_copy_is_and_can_be_read() throws IOException {
    copies.holds(EU, BYTES);
    copies.jdbc.sql("update region set bucket = 'gone' where name = 'eu'").update();
    copies.holds(US, BYTES);
    var name = "provenance/hello/" + copies.job + "-1.intoto.jsonl";
    copies.bucket("us").create(name, out -> out.write("sworn".getBytes(StandardCharsets.UTF_8)));
    assertThat(controller.provenance(copies.job)).asString().isEqualTo("sworn");
  }

  @Test
  void a_build_without_one_has_none() throws IOException {
    copies.holds(EU, BYTES);
    for (var job : new long[] {copies.job, copies.job + 1}) {
      assertThatThrownBy(() -> controller.provenance(job))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("provenance of build #" + job);
    }
  }
}
