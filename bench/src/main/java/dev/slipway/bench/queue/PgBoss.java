package dev.slipway.bench.queue;

import java.io.IOException;
import java.util.List;

/** pg-boss, which keeps a finished job for a week. */
final class PgBoss extends NodePeer implements Wakeable, WithHistory {
  private static final int BATCH = 100;

  private final Server.Place place;

  private PgBoss(String name, Kind kind, Server.Place place, PeerProcess process) {
    super(name, kind, List.of("pgboss.job"), process);
    this.place = place;
  }

  /** One at a time, and in batches, on the same tables. */
  static List<PgBoss> all(NodeModules node, Server.Place place)
      throws IOException, InterruptedException {
    var one = new PgBoss("pg-boss", Kind.PEER, place, start(node, place, 1));
    one.process.call("setup");
    return List.of(
        one, new PgBoss("pg-boss.batch", Kind.PEER_AHEAD, place, start(node, place, BATCH)));
  }

  private static PeerProcess start(NodeModules node, Server.Place place, int batch)
      throws IOException, InterruptedException {
    return node.start("pg-boss.mjs", place.nodeUrl(), "" + batch);
  }

  @Override
  public List<Double> pickups(int workers, int probes) throws IOException, InterruptedException {
    return process.call("pickup", workers, WARM_UP, probes);
  }

  @Override
  public void loadFinished(int jobs) throws Exception {
    // a real one, so that copies of it have all that it has
    load(1);
    drain(1, 1);
    place
        .jdbc()
        .sql(
            """
            insert into pgboss.job (id, %1$s)
            select gen_random_uuid(), %1$s
            from (select * from pgboss.job where state = 'completed' limit 1) as finished,
                 generate_series(2, :jobs)
            """
                .formatted(columns()))
        .param("jobs", jobs)
        .update();
  }

  /** All but the key. */
  private String columns() {
    return place
        .jdbc()
        .sql(
            """
            select string_agg(quote_ident(column_name), ', ') from information_schema.columns
            where table_schema = 'pgboss' and table_name = 'job' and column_name <> 'id'
            """)
        .query(String.class)
        .single();
  }
}
