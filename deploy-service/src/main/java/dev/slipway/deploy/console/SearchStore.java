package dev.slipway.deploy.console;

import dev.slipway.common.job.CommitSha;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds things by how people call them, one statement a noun. */
final class SearchStore {
  private final JdbcClient jdbc;

  SearchStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A build. */
  public record Build(long id, String app, String commit, String state) {}

  /** A deployment. */
  public record Deployment(long id, String app, long build, String status) {}

  /** A machine. */
  public record Machine(String region, String id) {}

  /** Apps with this in their name, those that begin with it first. */
  List<String> apps(String part, int most) {
    return jdbc.sql(
            """
            select name from app where strpos(name, lower(:part)) > 0
            order by strpos(name, lower(:part)), name limit :most
            """)
        .param("part", part)
        .param("most", most)
        .query((row, n) -> row.getString("name"))
        .list();
  }

  /** The build of a number. */
  List<Build> build(long number) {
    return jdbc.sql("select id, app, commit_sha, status, replicated_at from job where id = :number")
        .param("number", number)
        .query(SearchStore::read)
        .list();
  }

  /**
   * The newest builds of commits that begin with these digits. The index of each app's commits is
   * asked, one app after the other.
   *
   * @param prefix hexadecimal digits in lower case
   */
  List<Build> builds(String prefix, int most) {
    return jdbc.sql(
            """
            select found.* from app cross join lateral (
              select id, app, commit_sha, status, replicated_at from job
              where job.app = app.name and commit_sha >= :prefix and commit_sha < :prefix || 'g' limit :most) found
            order by id desc limit :most
            """)
        .param("prefix", prefix)
        .param("most", most)
        .query(SearchStore::read)
        .list();
  }

  /** The deployment of a number. */
  List<Deployment> deployment(long number) {
    return jdbc.sql("select id, app, job, status from deployment where id = :number")
        .param("number", number)
        .query((row, n) ->
            new Deployment(
                row.getLong("id"),
                row.getString("app"),
                row.getLong("job"),
                row.getString("status")))
        .list();
  }

  /** Machines with this in their name, those that begin with it first. */
  List<Machine> machines(String part, int most) {
    return jdbc.sql(
            """
            select region, id from machine where strpos(lower(id), lower(:part)) > 0
            order by strpos(lower(id), lower(:part)), id, region limit :most
            """)
        .param("part", part)
        .param("most", most)
        .query((row, n) -> new Machine(row.getString("region"), row.getString("id")))
        .list();
  }

  private static Build read(ResultSet row, int n) throws SQLException {
    return new Build(
        row.getLong("id"),
        row.getString("app"),
        new CommitSha(row.getString("commit_sha")).abbreviated(),
        Words.state(row.getString("status"), row.getObject("replicated_at") != null));
  }
}
