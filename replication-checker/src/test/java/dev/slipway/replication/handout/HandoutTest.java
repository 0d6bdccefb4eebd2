package dev.slipway.replication.handout;

import static dev.slipway.replication.Copies.BYTES;
import static dev.slipway.replication.Copies.EU;
import static dev.slipway.replication.Copies.US;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.replica.AgentName;
import dev.slipway.common.replica.Replication;
import dev.slipway.common.replica.ReplicationMode;
import dev.slipway.common.swarm.AnnounceKeys;
import dev.slipway.common.swarm.Tracker;
import dev.slipway.replication.Copies;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who of a region's agents brings what. */
@NullMarked
class HandoutTest {
  private static final AgentName A = new AgentName("a");
  private static final AgentName B = new AgentName("b");
  private static final AgentName C = new AgentName("c");

  private final Copies copies;
  private final AgentStore agents;
  private final AnnounceKeys keys = new AnnounceKeys(Secrets.random(), Clock.systemUTC());
  private final Handout handout;

  HandoutTest(@TempDir Path folder) throws IOException {
    copies = new Copies(folder);
    agents = new AgentStore(copies.jdbc);
    handout = handout();
  }

  private Handout handout() {
    return new Handout(
        new WantedStore(copies.jdbc, System::nanoTime),
        agents,
        new GlobalSwarm(
            keys,
            new Tracker(Clock.systemUTC(), new SimpleMeterRegistry()),
            URI.create("http://checker")),
        ReplicationMode.SWARM);
  }

  @Test
  void each_artifact_is_led_by_one_of_the_regions_agents_and_each_agent_has_its_share() {
    var all = builds(60);
    agents.seen(EU, A);
    agents.seen(EU, B);
    agents.seen(EU, C);
    var a = led(A);
    var b = led(B);
    var c = led(C);
    assertThat(a.size() + b.size() + c.size()).isEqualTo(all.size());
    assertThat(union(List.of(a, b, c))).isEqualTo(all);
    assertThat(List.of(a, b, c)).allSatisfy(share -> assertThat(share).hasSizeGreaterThan(8));
  }

  @Test
  void what_nobody_can_deploy_yet_comes_before_what_is_replicated_without_the_region() {
    var all = builds(130).stream().sorted().toList();

    assertThat(wantedWithout(all.subList(0, 70)))
        .as("as many as are handed out")
        .startsWith(all.subList(70, 130).toArray(Long[]::new));
    assertThat(wantedWithout(all.subList(0, 120)))
        .as("before older ones")
        .startsWith(all.subList(120, 130).toArray(Long[]::new));
  }

  private List<Long> wantedWithout(List<Long> replicated) {
    replicate(replicated);
    return wanted(new WantedStore(copies.jdbc, System::nanoTime));
  }

  private void replicate(List<Long> builds) {
    copies
        .jdbc
        .sql("update job set replicated_at = now() where id in (:builds)")
        .param("builds", builds)
        .update();
  }

  private static List<Long> wanted(WantedStore store) {
    return store.wantedBy(EU).stream().map(WantedStore.Wanted::job).toList();
  }

  @Test
  void a_region_that_is_wanted_again_lacks_what_was_replicated_without_it() {
    var store = new WantedStore(copies.jdbc, System::nanoTime);
    assertThat(wanted(store)).containsExactly(copies.job);
    isWanted(false);
    var without = copies.rows.succeeded("hello", "a".repeat(64), "AAAAAA==", 1);
    replicate(List.of(without));
    assertThat(wanted(store)).containsExactly(copies.job);
    isWanted(true);
    assertThat(wanted(store)).containsExactly(copies.job, without);
    var next = copies.rows.succeeded("hello", "b".repeat(64), "AAAAAA==", 1);
    assertThat(wanted(store)).containsExactly(copies.job, next, without);
  }

  @Test
  void rows_that_a_failover_lost_are_made_again() {
    var nanos = new AtomicLong();
    var store = new WantedStore(copies.jdbc, nanos::get);
    replicate(List.of(copies.job));
    assertThat(wanted(store)).containsExactly(copies.job);
    copies.jdbc.sql("delete from replica").update();
    assertThat(wanted(store)).isEmpty();
    nanos.addAndGet(WantedStore.AGAIN.toNanos());
    assertThat(wanted(store)).containsExactly(copies.job);
  }

  private void isWanted(boolean wanted) {
    copies
        .jdbc
        .sql("update region set wanted = :wanted where name = :eu")
        .param("wanted", wanted)
        .param("eu", EU.value())
        .update();
  }

  @Test
  void every_agent_hears_of_what_the_others_bring() {
    agents.seen(EU, A);
    agents.seen(EU, B);
    assertThat(handout.to(EU, A, Set.of())).hasSize(1);
    assertThat(handout.to(EU, B, Set.of())).hasSize(1);
  }

  @Test
  void an_agent_that_is_alone_leads_and_so_does_one_in_each_region() {
    assertThat(led(A)).containsExactly(copies.job);
    assertThat(led(US, A)).containsExactly(copies.job);
  }

  @Test
  void a_leader_that_falls_silent_is_followed_by_the_next_and_keeps_nothing() {
    var all = builds(20);
    agents.seen(EU, B);
    var before = led(A);
    passes(AgentStore.SILENCE.plusSeconds(1));
    assertThat(led(B)).isEqualTo(all);
    assertThat(led(A)).as("it comes back").doesNotContainAnyElementsOf(before);
  }

  @Test
  void what_a_leader_copies_stays_its_own_and_what_it_does_not_begin_goes_to_the_next() {
    builds(20);
    agents.seen(EU, B);
    var mine = led(A);
    var copying = mine.stream().limit(2).collect(Collectors.toSet());
    var half = AgentStore.SILENCE.dividedBy(2).plusSeconds(1);
    passes(half);
    handout.to(EU, A, copying);
    passes(half);
    agents.seen(EU, A);
    assertThat(led(B)).doesNotContainAnyElementsOf(copying).containsAll(minus(mine, copying));
    assertThat(led(A)).isEqualTo(copying);
  }

  @Test
  void a_copy_that_was_found_wrong_is_brought_by_the_next_agent() throws IOException {
    var first = leaderOfTheBuild();
    copies.holds(EU, BYTES);
    copies.jdbc.sql("update replica set status = 'CORRUPT', problem = 'x'").update();
    passes(AgentStore.SILENCE.plusSeconds(1));
    agents.seen(EU, A);
    agents.seen(EU, B);
    assertThat(leaderOfTheBuild()).isNotEqualTo(first);
  }

  @Test
  void two_instances_that_are_asked_at_once_name_one_leader() throws Exception {
    var all = builds(40);
    agents.seen(EU, A);
    agents.seen(EU, B);
    // everything was left to somebody else, so the next is the same whoever asks
    try (var both = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = new ArrayList<Callable<Set<Long>>>();
      for (var i = 0; i < 4; i++) {
        asked.add(() -> leads(handout().to(EU, A, Set.of())));
        asked.add(() -> leads(handout().to(EU, B, Set.of())));
      }
      var answers = both.invokeAll(asked);
      for (var i = 0; i < answers.size(); i += 2) {
        assertThat(answers.get(i).get()).doesNotContainAnyElementsOf(answers.get(i + 1).get());
        assertThat(union(List.of(answers.get(i).get(), answers.get(i + 1).get()))).isEqualTo(all);
      }
    }
  }

  @Test
  void what_another_leads_by_now_is_not_taken_from_it() {
    led(A);
    assertThat(agents.lead(EU, B, Set.of(copies.job))).isEmpty();
    assertThat(agents.lead(EU, A, Set.of(copies.job))).containsExactly(copies.job);
  }

  @Test
  void a_database_clock_that_was_set_back_leaves_nothing_to_agents_that_are_gone() {
    led(A);
    // it was an hour ahead
    passes(Duration.ofHours(-1));
    assertThat(agents.present(EU)).isEmpty();
    assertThat(led(B)).containsExactly(copies.job);
    assertThat(led(A)).isEmpty();
    assertThat(agents.present(EU)).containsExactlyInAnyOrder(A, B);
  }

  @Test
  void agents_of_one_region_meet_others_under_names_of_their_own() {
    agents.seen(EU, A);
    agents.seen(EU, B);
    assertThat(List.of(member(EU, A), member(EU, B), member(US, A))).doesNotHaveDuplicates();
    assertThat(member(EU, A)).startsWith("eu.").isEqualTo(member(EU, A));
  }

  @Test
  void agents_that_are_long_gone_are_forgotten() {
    agents.seen(EU, A);
    passes(Duration.ofDays(2));
    agents.seen(EU, B);
    assertThat(copies.jdbc.sql("select name from regional_agent").query(String.class).list())
        .containsExactly("b");
  }

  @Test
  void an_agent_of_a_region_that_nobody_knows_is_not_noted() {
    agents.seen(new RegionName("nowhere"), A);
    assertThat(handout.to(new RegionName("nowhere"), A, Set.of())).isEmpty();
  }

  private String member(RegionName region, AgentName agent) {
    var address = handout.to(region, agent, Set.of()).getFirst().announce().getPath();
    return keys.check(address.substring("/announce/".length())).member();
  }

  private AgentName leaderOfTheBuild() {
    agents.seen(EU, B);
    if (led(A).isEmpty()) {
      assertThat(led(B)).containsExactly(copies.job);
      return B;
    }
    return A;
  }

  private Set<Long> builds(int more) {
    for (var i = 0; i < more; i++) {
      copies.rows.succeeded("hello", "%064x".formatted(i + 1), "AAAAAA==", 1);
    }
    return copies.jdbc.sql("select id from job").query((row, n) -> row.getLong("id")).set();
  }

  private Set<Long> led(AgentName agent) {
    return led(EU, agent);
  }

  private Set<Long> led(RegionName region, AgentName agent) {
    return leads(handout.to(region, agent, Set.of()));
  }

  private static Set<Long> leads(List<Replication> answer) {
    return answer.stream()
        .filter(Replication::leads)
        .map(Replication::job)
        .collect(Collectors.toSet());
  }

  private static Set<Long> union(List<Set<Long>> sets) {
    return sets.stream().flatMap(Set::stream).collect(Collectors.toSet());
  }

  private static Set<Long> minus(Set<Long> all, Set<Long> some) {
    return all.stream().filter(job -> !some.contains(job)).collect(Collectors.toSet());
  }

  /** All that is written down becomes older. */
  private void passes(Duration time) {
    copies
        .jdbc
        .sql("update regional_agent set seen_at = seen_at - :seconds * interval '1 s'")
        .param("seconds", time.toSeconds())
        .update();
    copies
        .jdbc
        .sql("update replica set agent_until = agent_until - :seconds * interval '1 s'")
        .param("seconds", time.toSeconds())
        .update();
  }
}
