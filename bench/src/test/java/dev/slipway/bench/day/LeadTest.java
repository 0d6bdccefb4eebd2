package dev.slipway.bench.day;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.day.Travel.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeadTest {
  private static final double C = Clockwork.COMPRESSION;

  /** Pushed then; waits a second, builds 15 of 17, is copied in 2, deployed in 4. */
  private static Travel travel(
      double created, List<Span> lost, double earlierReplicated, boolean toLostRegion) {
    var after = lost.isEmpty() ? created : lost.getLast().until();
    var replicated = after + 20;
    var begun = Math.max(replicated, earlierReplicated) + 3;
    return new Travel(
        "a",
        created,
        lost,
        after + 1,
        after + 18,
        replicated,
        earlierReplicated,
        begun,
        begun + 4,
        15,
        toLostRegion);
  }

  private static Lead lead(Travel travel, Span unnoticed, Span away) {
    return Lead.of(List.of(travel), unnoticed, away).getFirst();
  }

  @Test
  void waits_are_stretched_and_work_is_not() {
    var lead = lead(travel(0, List.of(), 0, false), Span.NONE, Span.NONE);

    assertThat(lead).isEqualTo(new Lead(C, 0, 15 * C + 2, 2, 3, 4));
    assertThat(lead.seconds()).isEqualTo(16 * C + 11);
  }

  @Test
  void the_timeout_of_a_lost_attempt_is_real_and_what_it_built_before_is_not() {
    var lead = lead(travel(0, List.of(new Span(2, 72)), 0, false), Span.NONE, Span.NONE);

    assertThat(lead.queue()).isEqualTo(3 * C);
    assertThat(lead.lost()).isEqualTo(10 * C + 60);
  }

  @Test
  void who_stands_behind_a_lost_attempt_waits_for_it_as_on_a_real_day() {
    var first = travel(0, List.of(new Span(2, 72)), 0, false);
    var second = travel(5, List.of(), first.replicated(), false);
    var leads = Lead.of(List.of(first, second), Span.NONE, Span.NONE);

    // queue, what it built before, the time-out, build, work; less five seconds of a later push
    var behind = 3 * C + (10 * C + 60) + 15 * C + 4 - (5 * C + C + 15 * C + 4);
    assertThat(leads.getLast().turn()).isEqualTo(behind + 3);
    assertThat(leads.getFirst().turn()).isEqualTo(3);
  }

  @Test
  void who_was_ready_before_keeps_nobody_waiting() {
    var first = travel(0, List.of(), 0, false);
    var second = travel(1, List.of(), first.replicated(), false);

    assertThat(Lead.of(List.of(first, second), Span.NONE, Span.NONE).getLast().turn()).isEqualTo(3);
  }

  @Test
  void a_region_that_is_away_is_a_wait_until_it_is_excluded() {
    var lead = lead(travel(0, List.of(), 0, false), new Span(19, 25), new Span(19, 26));

    assertThat(lead.replicate()).isEqualTo(1 + C);
    assertThat(lead.deploy()).isEqualTo(2 + 2 * C);
  }

  @Test
  void a_turn_that_comes_late_while_a_region_is_away_is_a_wait() {
    var lead = lead(travel(0, List.of(), 0, false), new Span(21, 22), Span.NONE);

    assertThat(lead.turn()).isEqualTo(2 + C);
  }

  @Test
  void for_who_was_to_deploy_there_until_it_is_back() {
    var lead = lead(travel(0, List.of(), 0, true), new Span(19, 25), new Span(19, 26));

    assertThat(lead.deploy()).isEqualTo(1 + 3 * C);
  }
}
