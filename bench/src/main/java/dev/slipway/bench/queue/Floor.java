package dev.slipway.bench.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the writes of a job cost by themselves: an insert, and two updates by primary key, each a
 * transaction. Nobody looks for work: every worker is told the next id.
 */
final class Floor implements QueueSystem {
  private final Server.Place place;
  private final String name;
  private final Statements statements;
  private final AtomicLong number = new AtomicLong();

  /**
   * The writes of a table.
   *
   * @param insert has one parameter, the job's number
   * @param load has two, the first number and the last
   */
  record Statements(
      String table, String insert, String load, String waiting, String begin, String finish) {
    /** On Slipway's own table: what its columns, checks and indexes cost. */
    static final Statements JOB =
        new Statements(
            "job",
            """
            insert into job (app, seq, commit_sha, ref, found_by)
            select 'app-' || n % 200, n, lpad(to_hex(n), 40, '0'), 'refs/heads/master', 'WEBHOOK'
            from (values (?::bigint)) as next (n)
            """,
            """
            insert into job (app, seq, commit_sha, ref, found_by)
            select 'app-' || n % 200, n, lpad(to_hex(n), 40, '0'), 'refs/heads/master', 'WEBHOOK'
            from generate_series(?::bigint, ?::bigint) as n
            """,
            "select id from job where status = 'QUEUED' order by id",
            """
            update job set status = 'RUNNING', worker = 'worker', attempt = attempt + 1,
              started_at = now(), last_heartbeat = now()
            where id = ?
            """,
            """
            update job set status = 'SUCCEEDED', finished_at = now(), binary_name = 'binary', size_bytes = 1,
              sha256 = repeat('0', 64), crc32c = 'AAAAAA==', manifest = 'manifest', rollout = '{}'
            where id = ?
            """);

    /** On a table of three columns without any other index. */
    static final Statements BARE =
        new Statements(
            "bare_job",
            "insert into bare_job (id, status) values (?::bigint, 'QUEUED')",
            "insert into bare_job (id, status) select n, 'QUEUED' from generate_series(?::bigint, ?::bigint) as n",
            "select id from bare_job where status = 'QUEUED' order by id",
            "update bare_job set status = 'RUNNING', changed_at = now() where id = ?",
            "update bare_job set status = 'SUCCEEDED', changed_at = now() where id = ?");
  }

  private Floor(Server.Place place, String name, Statements statements) {
    this.place = place;
    this.name = name;
    this.statements = statements;
  }

  /** In a database with Slipway's schema, which nobody else uses. */
  static Floor ofJobs(Server.Place place) {
    Schema.create(place);
    return new Floor(place, "floor", Statements.JOB);
  }

  /** Makes its table. */
  static Floor bare(Server.Place place) {
    place
        .jdbc()
        .sql(
            "create table bare_job (id bigint primary key, status text not null, changed_at timestamptz)")
        .update();
    return new Floor(place, "floor.bare", Statements.BARE);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Kind kind() {
    return Kind.FLOOR;
  }

  @Override
  public List<String> tables() {
    return List.of(statements.table());
  }

  @Override
  public double enqueue(int jobs, int callers) throws Exception {
    var last = number.get() + jobs;
    return together(
        callers,
        connection -> {
          try (var insert = connection.prepareStatement(statements.insert())) {
            for (var next = number.incrementAndGet();
                next <= last;
                next = number.incrementAndGet()) {
              insert.setLong(1, next);
              insert.executeUpdate();
            }
          }
        });
  }

  @Override
  public void load(int jobs) {
    var first = number.getAndAdd(jobs) + 1;
    place.jdbc().sql(statements.load()).params(first, first + jobs - 1).update();
  }

  @Override
  public double drain(int jobs, int workers) throws Exception {
    var ids = place.jdbc().sql(statements.waiting()).query(Long.class).list();
    if (ids.size() != jobs) {
      throw new IllegalStateException(ids.size() + " jobs are there instead of " + jobs);
    }
    var next = new AtomicLong();
    return together(
        workers,
        connection -> {
          try (var begin = connection.prepareStatement(statements.begin());
              var finish = connection.prepareStatement(statements.finish())) {
            for (var i = next.getAndIncrement(); i < jobs; i = next.getAndIncrement()) {
              var id = ids.get((int) i);
              update(begin, id);
              update(finish, id);
            }
          }
        });
  }

  private static void update(PreparedStatement statement, long id) throws SQLException {
    statement.setLong(1, id);
    statement.executeUpdate();
  }

  private interface Turn {
    void take(Connection connection) throws SQLException;
  }

  private double together(int threads, Turn turn) throws Exception {
    try (var connections = new Connections(place, threads)) {
      var works = new ArrayList<Callers.Work>();
      for (var connection : connections.all()) {
        works.add(() -> turn.take(connection));
      }
      return Callers.seconds(works);
    }
  }

  @Override
  public void close() {}
}
