package dev.slipway.bench.day;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.day.Travel.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeadTest {
  private static final double C = Clockwork.COMPRESSION;

  /** Waits a second, builds 15 of 17, is copied in 2, deployed in 4. */
  private static Travel travel(List<Span> lost, double earlierReplicated, boolean toLostRegion) {
    var after = lost.isEmpty() ? 0 : lost.getLast().until();
    return new Travel(
        0,
        lost,
        after + 1,
        after + 18,
        after + 20,
        earlierReplicated,
        after + 23,
        after + 27,
        15,
        toLostRegion);
  }

  @Test
  void waits_are_stretched_and_work_is_not() {
    var lead = Lead.of(travel(List.of(), 0, false), Span.NONE, Span.NONE);

    assertThat(lead).isEqualTo(new Lead(C, 0, 15 * C + 2, 2, 3, 4));
    assertThat(lead.seconds()).isEqualTo(16 * C + 11);
  }

  @Test
  void the_timeout_of_a_lost_attempt_is_real_and_what_it_built_before_is_not() {
    var lead = Lead.of(travel(List.of(new Span(2, 72)), 0, false), Span.NONE, Span.NONE);

    assertThat(lead.queue()).isEqualTo(3 * C);
    assertThat(lead.lost()).isEqualTo(10 * C + 60);
  }

  @Test
  void an_earlier_build_that_is_still_built_is_a_wait() {
    assertThat(Lead.of(travel(List.of(), 22, false), Span.NONE, Span.NONE).turn())
        .isEqualTo(2 * C + 1);
    assertThat(Lead.of(travel(List.of(), 40, false), Span.NONE, Span.NONE).turn())
        .as("it was begun all the same")
        .isEqualTo(3 * C);
  }

  @Test
  void a_region_that_is_away_is_a_wait_until_it_is_excluded() {
    var lead = Lead.of(travel(List.of(), 0, false), new Span(19, 25), new Span(19, 26));

    assertThat(lead.replicate()).isEqualTo(1 + C);
    assertThat(lead.deploy()).isEqualTo(2 + 2 * C);
  }

  @Test
  void for_who_was_to_deploy_there_until_it_is_back() {
    var lead = Lead.of(travel(List.of(), 0, true), new Span(19, 25), new Span(19, 26));

    assertThat(lead.deploy()).isEqualTo(1 + 3 * C);
  }
}
