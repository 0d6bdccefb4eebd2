package dev.slipway.bench.ha;

import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A primary and its standby, which confirms what the primary confirms: so nothing that anybody was
 * told is lost with the primary. Each is reached over a wire of its own.
 */
final class Pair implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final List<Node> nodes;
  private final List<Wire> wires;
  private int primary;

  /** Starts the first as primary, alone. */
  Pair(Path folder, int firstPort, int secondPort) throws IOException {
    nodes =
        List.of(
            new Node(folder.resolve("postgres-1"), firstPort),
            new Node(folder.resolve("postgres-2"), secondPort));
    wires = List.of(new Wire(firstPort), new Wire(secondPort));
    try {
      primary().start();
    } catch (IOException failed) {
      close();
      throw failed;
    }
  }

  /** Both, over their wires: whichever is the primary is used. */
  String url() {
    return wires.stream()
        .map(wire -> "127.0.0.1:" + wire.port())
        .collect(
            Collectors.joining(",", "jdbc:postgresql://", "/postgres?targetServerType=primary"));
  }

  Node primary() {
    return nodes.get(primary);
  }

  /** The way to the primary. */
  Wire wire() {
    return wires.get(primary);
  }

  JdbcClient jdbc() {
    return primary().jdbc();
  }

  /** Gives the primary a standby, in step with it. */
  void attach() throws IOException, InterruptedException, SQLException {
    nodes.get(1 - primary).follow(primary());
    var jdbc = jdbc();
    jdbc.sql("alter system set synchronous_standby_names = '*'").update();
    jdbc.sql("select pg_reload_conf()").query(Boolean.class).single();
    Wait.until(
        "the standby",
        LONGEST,
        () ->
            jdbc.sql("select count(*) from pg_stat_replication where sync_state = 'sync'")
                        .query(Long.class)
                        .single()
                    == 1
                ? jdbc
                : null);
  }

  /** The standby becomes the primary, whatever became of the one before. */
  void promote() {
    primary = 1 - primary;
    jdbc().sql("select pg_promote(true, 60)").query(Boolean.class).single();
  }

  /** Ends whoever was the primary before, for good: nobody is to write to it any more. */
  void fence() throws IOException {
    nodes.get(1 - primary).kill();
    wires.get(1 - primary).heal();
  }

  @Override
  public void close() throws IOException {
    for (var wire : wires) {
      wire.close();
    }
    for (var node : nodes) {
      node.close();
    }
  }
}
