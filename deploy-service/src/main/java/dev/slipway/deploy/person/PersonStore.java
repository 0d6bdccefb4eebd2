package dev.slipway.deploy.person;

import dev.slipway.common.access.Caller;
import dev.slipway.common.access.Role;
import dev.slipway.common.app.AppName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** People in the database, their passwords as hashes. */
public final class PersonStore {
  private final JdbcClient jdbc;

  public PersonStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Somebody's account.
   *
   * @param version of the password, grows with each new one
   */
  record Account(Caller caller, String hash, int version) {
    @Override
    public String toString() {
      return "Account[" + caller + "]";
    }
  }

  Optional<Account> account(String name) {
    return jdbc.sql("select * from person where name = :name")
        .param("name", name)
        .query((row, n) ->
            new Account(
                new Caller(
                    row.getString("name"), Role.valueOf(row.getString("role")), null, apps(row)),
                row.getString("password"),
                row.getInt("version")))
        .optional();
  }

  private static @Nullable Set<AppName> apps(ResultSet row) throws SQLException {
    var names = names(row);
    return names == null
        ? null
        : names.stream().map(AppName::new).collect(Collectors.toUnmodifiableSet());
  }

  private static @Nullable List<String> names(ResultSet row) throws SQLException {
    var apps = row.getArray("apps");
    return apps == null ? null : Arrays.asList((String[]) apps.getArray());
  }

  /** Those with a name after {@code after}, by name. */
  List<Person> page(String after, int limit) {
    return jdbc.sql("select * from person where name > :after order by name limit :limit")
        .param("after", after)
        .param("limit", limit)
        .query((row, n) ->
            new Person(
                row.getString("name"),
                Role.valueOf(row.getString("role")),
                names(row),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by")))
        .list();
  }

  /** Makes somebody new; false when there is somebody of that name. */
  boolean add(PersonName name, PersonWish wish, String hash, String by) {
    return jdbc.sql(
                """
                insert into person (name, password, role, apps, created_by)
                values (:name, :hash, :role, string_to_array(cast(:apps as text), ','), :by)
                on conflict do nothing
                """)
            .param("name", name.value())
            .param("hash", hash)
            .param("role", wish.role().name())
            .param("apps", apps(wish))
            .param("by", by)
            .update()
        == 1;
  }

  /**
   * Changes somebody.
   *
   * @param hash of the new password; none: it stays
   * @return false when there is nobody of that name
   */
  boolean change(PersonName name, PersonWish wish, @Nullable String hash) {
    return jdbc.sql(
                """
                update person set role = :role, apps = string_to_array(cast(:apps as text), ','), password = coalesce(:hash, password),
                  version = version + case when cast(:hash as text) is null then 0 else 1 end
                where name = :name
                """)
            .param("name", name.value())
            .param("hash", hash)
            .param("role", wish.role().name())
            .param("apps", apps(wish))
            .update()
        == 1;
  }

  /**
   * Gives somebody another password in place of the one that was looked at.
   *
   * @param version of the one that was looked at
   * @return false when it is another by now
   */
  boolean changePassword(String name, int version, String hash) {
    return jdbc.sql(
                """
                update person set password = :hash, version = version + 1
                where name = :name and version = :version
                """)
            .param("name", name)
            .param("version", version)
            .param("hash", hash)
            .update()
        == 1;
  }

  private static @Nullable String apps(PersonWish wish) {
    var apps = wish.apps();
    return apps == null ? null : apps.stream().map(AppName::value).collect(Collectors.joining(","));
  }

  /** Forgets somebody; false when there is nobody of that name. */
  boolean remove(PersonName name) {
    return jdbc.sql("delete from person where name = :name").param("name", name.value()).update()
        == 1;
  }
}
