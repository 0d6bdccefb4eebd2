package dev.slipway.common.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Services of the version before run on while a schema changes: it may take nothing from them. */
@NullMarked
class MigrationRuleTest {
  /** The last that was written before there was anybody to be compatible with. */
  private static final int BASELINE = 34;

  @Test
  void migrations_after_the_baseline_only_add() throws IOException {
    var all =
        new PathMatchingResourcePatternResolver().getResources("classpath:db/migration/V*.sql");
    assertThat(all).hasSizeGreaterThan(15);
    for (var migration : Arrays.stream(all).filter(m -> number(m) > BASELINE).toList()) {
      assertThat(MigrationRule.broken(migration.getContentAsString(UTF_8)))
          .as("what %s takes away", migration.getFilename())
          .isEmpty();
    }
  }

  private static int number(Resource migration) {
    return Integer.parseInt(
        String.valueOf(migration.getFilename()).replaceFirst("^V(\\d+)__.*", "$1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create table one (id bigint primary key, name text not null check (name <> ';'));",
        "create index concurrently one on job (app);",
        "alter table job add column colour text;",
        "alter table job add colour text, add weight numeric(10, 2) not null default 0;",
        "alter table job alter column ref drop not null;",
        "create function f() returns trigger language plpgsql as $$ begin delete from job; drop table job; end $$;",
        "create table one (id int); create unique index u on one (id); alter table one add constraint c check (id > 0);",
        "-- contract: since 0.3 nothing reads it\nalter table job drop column ref;"
      })
  void what_adds_is_let_pass(String migration) {
    assertThat(MigrationRule.broken(migration)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "drop table job;",
        "alter table job drop column ref;",
        "alter table job rename column ref to branch;",
        "alter table job rename to build;",
        "alter table job add column colour text not null;",
        "alter table job add colour text, drop column ref;",
        "alter table job alter column ref type varchar(10);",
        "alter table job alter column ref set not null;",
        "alter table job add constraint c check (ref <> '');",
        "alter table job add check (ref <> '');",
        "create unique index u on job (ref);",
        "create trigger t before insert on job for each row execute function f();",
        "update job set ref = upper(ref);",
        "delete from job;",
        "-- contract: soon\nalter table job drop column ref;"
      })
  void what_takes_away_or_tightens_is_found(String migration) {
    assertThat(MigrationRule.broken(migration)).hasSize(1);
  }

  @Test
  void the_old_ones_would_not_all_pass() throws IOException {
    var all =
        new PathMatchingResourcePatternResolver().getResources("classpath:db/migration/V14*.sql");
    assertThat(List.of(all)).hasSize(1);
    assertThat(MigrationRule.broken(all[0].getContentAsString(UTF_8))).isNotEmpty();
  }
}
