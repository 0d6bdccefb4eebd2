package dev.slipway.bench.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.plan.Party.Member;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SwarmTest {
  private static final double BYTES = 10e6;
  private static final double PIECE = 1e4;

  /** What one link of 8 Mbit/s needs for the bytes. */
  private static final double WIRE_SECONDS = 10;

  @Test
  void many_machines_take_little_longer_than_one_link_needs() {
    var outcome = Swarm.run(Party.of(200, 1, 8, 8), BYTES, PIECE, 1);

    assertThat(outcome.seconds()).isBetween(WIRE_SECONDS, 1.3 * WIRE_SECONDS);
    assertThat(outcome.sourceMultiple()).isBetween(1.0, 1.1);
  }

  @Test
  void a_source_at_half_the_rate_is_what_all_wait_for() {
    var outcome = Swarm.run(Party.of(50, 1, 8, 4), BYTES, PIECE, 1);

    assertThat(outcome.seconds()).isBetween(2 * WIRE_SECONDS, 2.3 * WIRE_SECONDS);
  }

  @Test
  void nothing_comes_before_the_source_has_it() {
    var heldFrom = new ArrayList<Double>();
    for (var piece = 0; piece < 1_000; piece++) {
      heldFrom.add(piece * 0.1);
    }
    var members = Party.of(10, 1, 8, 8).members();

    var outcome = Swarm.run(new Party(members, 8, heldFrom), BYTES, PIECE, 1);

    assertThat(outcome.seconds()).isBetween(99.9, 102.0);
    assertThat(outcome.cameAt()).allSatisfy(came -> assertThat(came.get(500)).isGreaterThan(50.0));
  }

  @Test
  void bytes_stay_in_their_zone_but_for_the_first_of_each() {
    var outcome = Swarm.run(Party.of(600, 3, 8, 80), BYTES, PIECE, 1);

    assertThat(outcome.crossed()).isBetween(0.0001, 0.1);
  }

  @Test
  void what_only_the_dead_had_is_sent_again() {
    var members = new ArrayList<Member>();
    for (var n = 0; n < 30; n++) {
      members.add(new Member(8, 8, 0, n % 3 == 1 ? WIRE_SECONDS / 2 : Double.POSITIVE_INFINITY));
    }

    var outcome = Swarm.run(new Party(members, 8, List.of()), BYTES, PIECE, 1);

    assertThat(outcome.seconds()).isBetween(WIRE_SECONDS, 2 * WIRE_SECONDS);
    assertThat(outcome.sourceMultiple()).isGreaterThan(1.0);
  }

  @Test
  void the_same_seed_gives_the_same_outcome() {
    var once = Swarm.run(Party.of(40, 2, 8, 8), BYTES, PIECE, 9);

    assertThat(Swarm.run(Party.of(40, 2, 8, 8), BYTES, PIECE, 9)).isEqualTo(once);
  }
}
