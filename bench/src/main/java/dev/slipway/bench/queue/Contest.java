package dev.slipway.bench.queue;

import dev.slipway.bench.Run;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** All systems under all conditions, on one server. */
final class Contest implements AutoCloseable {
  /** So many finished jobs are in the way. */
  private static final int FINISHED_JOBS = 1_000_000;

  private final Run run;
  private final Server server;
  private final Map<Condition, Server.Place> places = new EnumMap<>(Condition.class);
  private final Map<Condition, List<QueueSystem>> systems = new EnumMap<>(Condition.class);
  private final List<Connection> snapshots = new ArrayList<>();

  private Contest(Run run, Server server) {
    this.run = run;
    this.server = server;
  }

  /** Sets everybody up. */
  static Contest open(Run run, Server server, Optional<NodeModules> node) throws Exception {
    var contest = new Contest(run, server);
    try {
      for (var condition : Condition.values()) {
        contest.places.put(condition, server.database(condition.database()));
        contest.systems.put(condition, new ArrayList<>());
      }
      contest.fill(node);
      contest.loadHistory();
      contest.snapshots.add(contest.snapshot());
      return contest;
    } catch (Exception failed) {
      contest.close();
      throw failed;
    }
  }

  private void fill(Optional<NodeModules> node) throws IOException, InterruptedException {
    for (var condition : Condition.values()) {
      var place = place(condition);
      var here = here(condition);
      run.teller().tell("set up", "every system's tables in the database " + place.name());
      here.addAll(Slipway.both(place));
      if (condition != Condition.HISTORY) {
        here.addAll(DbScheduler.all(place));
      }
      if (node.isPresent()) {
        here.addAll(PgBoss.all(node.get(), place));
        if (condition != Condition.HISTORY) {
          here.addAll(GraphileWorker.all(node.get(), place));
        }
      }
    }
    var plain = here(Condition.PLAIN);
    plain.add(Floor.ofJobs(server.database("floor")));
    plain.add(Floor.bare(place(Condition.PLAIN)));
  }

  private void loadHistory() throws Exception {
    run.teller()
        .line(
            "db-scheduler and graphile-worker delete what is finished: there is no history to run them with.");
    var loaded = new ArrayList<String>();
    for (var system : here(Condition.HISTORY)) {
      var table = system.tables().getFirst();
      if (system instanceof WithHistory keeper && !loaded.contains(table)) {
        run.teller().tell("history", "%,d finished jobs into %s".formatted(FINISHED_JOBS, table));
        keeper.loadFinished(FINISHED_JOBS);
        place(Condition.HISTORY).quiet(system.tables());
        loaded.add(table);
      }
    }
  }

  /** A transaction that has read something and stays. */
  private Connection snapshot() throws SQLException {
    var connection = place(Condition.SNAPSHOT).connect();
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (var statement = connection.createStatement()) {
      statement.execute("select count(*) from app");
    }
    return connection;
  }

  Server.Place place(Condition condition) {
    return Objects.requireNonNull(places.get(condition));
  }

  private List<QueueSystem> here(Condition condition) {
    return Objects.requireNonNull(systems.get(condition));
  }

  /** Everybody under a condition, with another one first in each round. */
  List<QueueSystem> systems(Condition condition, int round) {
    var turned = new ArrayList<>(here(condition));
    Collections.rotate(turned, -round);
    return turned;
  }

  /** Slipway's single-slot workers under plain conditions. */
  Slipway slipway() {
    return here(Condition.PLAIN).stream()
        .filter(Slipway.class::isInstance)
        .map(Slipway.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** The same system under another condition; none where it makes no sense. */
  Optional<QueueSystem> under(Condition condition, String name) {
    return systems(condition, 0).stream().filter(s -> s.name().equals(name)).findFirst();
  }

  @Override
  public void close() throws SQLException {
    for (var here : systems.values()) {
      here.forEach(QueueSystem::close);
    }
    for (var snapshot : snapshots) {
      snapshot.close();
    }
  }
}
