package dev.slipway.queue.push;

import static dev.slipway.queue.TestQueue.sha;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.problem.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class PushStoreTest {
  private static final TestDatabase DATABASE = TestDatabase.create();
  private static int apps;

  private final PushStore pushes =
      new PushStore(
          DATABASE.dataSource(),
          new TransactionTemplate(new JdbcTransactionManager(DATABASE.dataSource())));
  private final AppName app = new AppName("app" + ++apps);

  @BeforeEach
  void register() {
    DATABASE
        .jdbc()
        .sql("insert into app (name, repository, webhook_secret) values (?, ?, ?)")
        .params(app.value(), "https://example.com/" + app, "0123456789abcdef")
        .update();
  }

  private Enqueued push(@Nullable Integer before, int after) {
    return pushes.enqueue(
        new Candidate(
            app,
            new CommitSha(sha(after)),
            before == null ? null : new CommitSha(sha(before)),
            "refs/heads/master",
            null,
            FoundBy.WEBHOOK,
            null));
  }

  private void succeed(int commit) {
    DATABASE
        .jdbc()
        .sql(
            """
            update job set status = 'SUCCEEDED', worker = 'w', finished_at = now(), binary_name = 'b', size_bytes = 1,
              sha256 = repeat('a', 64), crc32c = 'c', manifest = 'm'
            where app = ? and commit_sha = ?
            """)
        .params(app.value(), sha(commit))
        .update();
  }

  private List<Integer> order() {
    return DATABASE
        .jdbc()
        .sql("select commit_sha from job where app = ? order by seq")
        .param(app.value())
        .query((row, n) -> Integer.parseInt(row.getString(1).substring(36), 16))
        .list();
  }

  private List<@Nullable Long> seqs() {
    return DATABASE
        .jdbc()
        .sql("select seq from job where app = ? order by seq")
        .param(app.value())
        .query(Long.class)
        .list();
  }

  @Test
  void every_order_of_arrival_ends_in_branch_order() {
    for (var arrival : permutations(List.of(1, 2, 3, 4))) {
      DATABASE.jdbc().sql("delete from awaited_commit where app = ?").param(app.value()).update();
      DATABASE.jdbc().sql("delete from job where app = ?").param(app.value()).update();
      arrival.forEach(commit -> push(commit - 1, commit));
      assertThat(order()).as("arrived as %s", arrival).containsExactly(1, 2, 3, 4);
      assertThat(seqs()).doesNotHaveDuplicates().hasSize(4);
    }
  }

  private static List<List<Integer>> permutations(List<Integer> of) {
    if (of.isEmpty()) {
      return List.of(List.of());
    }
    var all = new ArrayList<List<Integer>>();
    for (var first : of) {
      var rest = of.stream().filter(other -> !other.equals(first)).toList();
      for (var permutation : permutations(rest)) {
        var whole = new ArrayList<>(List.of(first));
        whole.addAll(permutation);
        all.add(whole);
      }
    }
    return all;
  }

  @Test
  void the_answer_tells_the_place_in_the_branch() {
    push(2, 3);
    assertThat(push(1, 2).seq()).isEqualTo(1);
    assertThat(push(2, 3)).matches(job -> job.duplicate() && job.seq() == 2);
  }

  @Test
  void a_late_push_goes_ahead_of_a_successor_that_was_built_already() {
    push(0, 1);
    push(2, 3);
    succeed(3);
    push(1, 2);
    assertThat(order()).containsExactly(1, 2, 3);
  }

  @Test
  void what_has_succeeded_keeps_its_order() {
    push(2, 3);
    push(0, 1);
    succeed(1);
    succeed(3);
    push(1, 2);
    assertThat(order()).containsExactly(2, 3, 1);
  }

  @Test
  void a_branch_set_back_to_a_commit_that_was_never_built_builds_it_last() {
    push(1, 2);
    push(2, 3);
    push(3, 1);
    assertThat(order()).containsExactly(2, 3, 1);
    push(1, 4);
    assertThat(order()).containsExactly(2, 3, 1, 4);
  }

  @Test
  void a_commit_that_was_found_without_its_predecessor_goes_behind_it_once_its_push_comes() {
    push(null, 3);
    push(0, 1);
    push(1, 2);
    assertThat(order()).containsExactly(3, 1, 2);
    assertThat(push(2, 3).duplicate()).isTrue();
    assertThat(order()).containsExactly(1, 2, 3);
  }

  @Test
  void two_pushes_from_one_commit_keep_their_order() {
    push(1, 2);
    push(1, 3);
    push(0, 1);
    assertThat(order()).containsExactly(1, 2, 3);
  }

  @Test
  void a_commit_of_the_future_reached_the_branch_now() {
    pushes.enqueue(
        new Candidate(
            app,
            new CommitSha(sha(1)),
            null,
            "refs/heads/master",
            Instant.parse("2999-01-01T00:00:00Z"),
            FoundBy.WEBHOOK,
            new Delivery("gitea", "d" + app)));
    assertThat(
            DATABASE
                .jdbc()
                .sql("select merged_at = created_at from job where app = ?")
                .param(app.value())
                .query(Boolean.class)
                .single())
        .isTrue();
  }

  @Test
  void pushes_at_once_get_a_place_each() throws Exception {
    var calls = new ArrayList<Callable<Enqueued>>();
    for (var i = 1; i <= 40; i++) {
      var commit = (i + 1) / 2;
      calls.add(() -> push(commit - 1, commit));
    }
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var call : threads.invokeAll(calls)) {
        assertThat(call.get().job()).isPositive();
      }
    }
    assertThat(order())
        .containsExactlyElementsOf(java.util.stream.IntStream.rangeClosed(1, 20).boxed().toList());
  }

  @Test
  void of_an_app_that_wants_its_latest_build_only_the_newest_waits() {
    DATABASE
        .jdbc()
        .sql("update app set builds = 'latest' where name = ?")
        .param(app.value())
        .update();
    push(0, 1);
    push(1, 2);
    var newest = push(3, 4).job();
    push(2, 3);
    assertThat(order()).containsExactly(1, 2, 3, 4);
    var states =
        DATABASE
            .jdbc()
            .sql(
                "select status || coalesce(' ' || failure, '') from job where app = ? order by seq")
            .param(app.value())
            .query(String.class)
            .list();
    assertThat(states.subList(2, 4))
        .containsExactly("CANCELLED superseded by build #" + newest, "QUEUED");
    assertThat(states.subList(0, 2)).allMatch(state -> state.startsWith("CANCELLED superseded by"));
  }

  @Test
  void an_unknown_app_has_no_jobs() {
    assertThatThrownBy(() ->
            pushes.enqueue(
                Candidate.found(
                    new AppName("nobody"), new CommitSha(sha(1)), "master", FoundBy.PERSON)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("nobody");
  }
}
