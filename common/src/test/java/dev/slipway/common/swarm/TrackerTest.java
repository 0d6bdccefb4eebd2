package dev.slipway.common.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Sha256;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class TrackerTest {
  private static final Sha256 ARTIFACT = new Sha256("a".repeat(64));
  private static final String IDS =
      "info_hash=" + "%aa".repeat(20) + "&peer_id=-LT2060-123456789012&";

  private final SettableClock clock = new SettableClock();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Tracker tracker = new Tracker(clock, meters);

  @Test
  void members_learn_of_each_other_but_not_of_themselves() {
    assertThat(join("m1", "a", 1)).isEmpty();
    assertThat(join("m2", "a", 2)).containsExactly("10.0.0.1:1");
    assertThat(join("m1", "a", 1)).containsExactly("10.0.0.1:2");
  }

  @Test
  void swarms_do_not_mix() {
    join("m1", "a", 1);
    var other = new Ticket(new Sha256("b".repeat(64)), "m2", "a");
    assertThat(peers(announce(other, "10.0.0.1", query(2, 1, ""), List.of()))).isEmpty();
  }

  @Test
  void residents_come_first_then_the_own_zone_then_others() {
    for (var i = 1; i <= 30; i++) {
      join("far" + i, "far", 1000 + i);
      join("near" + i, "near", 2000 + i);
    }
    var resident = new InetSocketAddress(address("10.9.9.9"), 7000);
    var ticket = new Ticket(ARTIFACT, "m", "near");
    var peers = peers(announce(ticket, "10.0.0.1", query(1, 1, ""), List.of(resident)));

    assertThat(peers).hasSize(Tracker.MOST_ANSWERED);
    assertThat(peers.getFirst()).isEqualTo("10.9.9.9:7000");
    assertThat(peers.subList(1, 31)).allMatch(peer -> peer.startsWith("10.0.0.1:20"));
    assertThat(peers.subList(31, 50)).allMatch(peer -> peer.startsWith("10.0.0.1:10"));
  }

  @Test
  void no_more_than_asked_for() {
    for (var i = 1; i <= 10; i++) {
      join("m" + i, "a", i);
    }
    var ticket = new Ticket(ARTIFACT, "m", "a");
    assertThat(peers(announce(ticket, "10.0.0.1", query(99, 1, "&numwant=3"), List.of())))
        .hasSize(3);
  }

  @Test
  void a_member_that_moved_replaces_its_old_entry() {
    join("m1", "a", 1);
    join("m1", "a", 11);
    assertThat(join("m2", "a", 2)).containsExactly("10.0.0.1:11");
  }

  @Test
  void who_leaves_is_forgotten() {
    join("m1", "a", 1);
    var ticket = new Ticket(ARTIFACT, "m1", "a");
    assertThat(peers(announce(ticket, "10.0.0.1", query(1, 1, "&event=stopped"), List.of())))
        .isEmpty();
    assertThat(join("m2", "a", 2)).isEmpty();
  }

  @Test
  void who_is_silent_for_two_intervals_is_forgotten() {
    join("m1", "a", 1);
    clock.advance(Duration.ofSeconds(19));
    assertThat(join("m2", "a", 2)).containsExactly("10.0.0.1:1");
    clock.advance(Duration.ofSeconds(1));
    assertThat(join("m3", "a", 3)).containsExactly("10.0.0.1:2");
    clock.advance(Duration.ofSeconds(20));
    assertThat(tracker.swarms()).isZero();
  }

  @Test
  void those_who_have_everything_do_not_meet() {
    complete("m1", 1);
    assertThat(complete("m2", 2)).isEmpty();
    assertThat(join("m3", "a", 3)).containsExactlyInAnyOrder("10.0.0.1:1", "10.0.0.1:2");
  }

  @Test
  void late_joiners_are_not_kept_waiting_but_large_swarms_ask_less_often() {
    var few = announce(new Ticket(ARTIFACT, "m", "a"), "10.0.0.1", query(1, 1, ""), List.of());
    assertThat(few).contains("8:intervali10e12:min intervali2e");
    for (var i = 0; i < 500; i++) {
      join("m" + i, "a", 1 + i);
    }
    var many = announce(new Ticket(ARTIFACT, "m", "a"), "10.0.0.1", query(1, 1, ""), List.of());
    assertThat(many).contains("8:intervali50e");
  }

  @Test
  void a_circle_in_which_everybody_has_everything_is_quiet_and_still_found_by_who_comes_later() {
    join("m1", "a", 1);
    assertThat(complete0("m2", 2)).as("m1 waits for pieces").contains("8:intervali10e");
    complete("m1", 1);
    assertThat(complete0("m2", 2)).contains("8:intervali60e");
    complete("m1", 1);
    clock.advance(Duration.ofSeconds(119));
    assertThat(join("m3", "a", 3)).containsExactlyInAnyOrder("10.0.0.1:1", "10.0.0.1:2");
    assertThat(complete0("m2", 2)).as("m3 waits for pieces").contains("8:intervali10e");
  }

  @Test
  void a_circle_that_has_been_settled_for_long_is_ever_quieter_and_still_found() {
    for (var interval : List.of(60, 120, 240, 300, 300)) {
      assertThat(complete0("m1", 1)).contains("8:intervali" + interval + "e");
      assertThat(complete0("m1", 1)).as("at once again").contains("8:intervali" + interval + "e");
      clock.advance(Duration.ofSeconds(interval));
    }
    complete("m1", 1);
    clock.advance(Duration.ofSeconds(599));
    assertThat(join("m2", "a", 2)).containsExactly("10.0.0.1:1");
    assertThat(complete0("m1", 1)).contains("8:intervali10e");
    complete("m2", 2);
    assertThat(complete0("m1", 1)).as("settled anew").contains("8:intervali60e");
  }

  @Test
  void more_circles_than_there_is_room_for_push_out_those_that_were_silent_for_longest() {
    var some = 20_010;
    for (var i = 0; i < some; i++) {
      var ticket = new Ticket(new Sha256("%064x".formatted(i)), "m", "a");
      announce(ticket, "10.0.0.1", query(1, 0, ""), List.of());
      if (i == 10_000) {
        var first = new Ticket(new Sha256("%064x".formatted(0)), "m", "a");
        announce(first, "10.0.0.1", query(1, 0, ""), List.of());
      }
    }
    assertThat(tracker.peers()).isEqualTo(20_000).isEqualTo(tracker.swarms());
    assertThat(peersOf("%064x".formatted(0))).as("announced again").containsExactly("10.0.0.1:1");
    assertThat(peersOf("%064x".formatted(9))).isEmpty();
    assertThat(peersOf("%064x".formatted(some - 1))).containsExactly("10.0.0.1:1");
  }

  @Test
  void who_is_gone_is_in_nobodys_way_though_nobody_looks_at_the_figures() {
    var small = new Tracker(clock, meters, 20);
    for (var i = 0; i < 20; i++) {
      var gone = new Ticket(new Sha256("%064x".formatted(i)), "m", "a");
      small.announce(gone, address("10.0.0.1"), query(1, 1, ""), List.of());
    }
    clock.advance(Duration.ofSeconds(20));
    var answer = new byte[0];
    for (var i = 0; i <= 10; i++) {
      var ticket = new Ticket(ARTIFACT, "m" + i, "a");
      answer = small.announce(ticket, address("10.0.0.1"), query(1 + i, 1, ""), List.of());
    }
    assertThat(peers(new String(answer, StandardCharsets.ISO_8859_1))).hasSize(10);
  }

  private List<String> peersOf(String artifact) {
    var asks = new Ticket(new Sha256(artifact), "asks", "a");
    return peers(announce(asks, "10.0.0.3", query(8, 1, ""), List.of()));
  }

  @Test
  void ipv6_members_are_listed_apart() {
    announce(new Ticket(ARTIFACT, "m1", "a"), "2001:db8::1", query(258, 1, ""), List.of());
    var body = announce(new Ticket(ARTIFACT, "m2", "a"), "10.0.0.1", query(2, 1, ""), List.of());
    assertThat(body).contains("5:peers0:6:peers618:").contains("\u0000\u0001\u0001\u0002e");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "port=1&left=0",
        "port=0&left=0&" + "info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa",
        "port=65536&left=0&" + "info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa",
        "port=x&left=0&" + "info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa",
        "port=1&left=-1&" + "info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa",
        "port=1&" + "info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa",
        "port=1&left=0&" + "info_hash=aaaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa",
        "port=1&left=0&" + "info_hash=%zz&peer_id=aaaaaaaaaaaaaaaaaaaa",
        "port=1&left=0&numwant=-5&info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa"
      })
  void a_malformed_query_gets_a_reason(String query) {
    var body = announce(new Ticket(ARTIFACT, "m", "a"), "10.0.0.1", query, List.of());
    assertThat(body).startsWith("d14:failure reason").endsWith("e");
    assertThat(tracker.swarms()).isZero();
    assertThat(meters.counter("slipway.tracker.announces", "outcome", "refused").count())
        .isEqualTo(1);
  }

  @Test
  void no_query_and_an_endless_one_get_a_reason() {
    var ticket = new Ticket(ARTIFACT, "m", "a");
    assertThat(announce(ticket, "10.0.0.1", null, List.of())).startsWith("d14:failure reason");
    assertThat(announce(ticket, "10.0.0.1", query(1, 1, "&x=" + "y".repeat(3000)), List.of()))
        .startsWith("d14:failure reason");
  }

  @Test
  void a_flood_of_one_ticket_is_refused_until_its_window_ends_and_others_go_on() {
    var flooder = new Ticket(ARTIFACT, "m1", "a");
    join("m2", "a", 2);
    for (var port = 1; port <= AnnounceLimit.MOST; port++) {
      assertThat(peers(announce(flooder, "10.0.0.7", query(port, 1, ""), List.of()))).hasSize(1);
    }
    assertThat(announce(flooder, "10.0.0.8", query(9, 1, ""), List.of()))
        .startsWith("d14:failure reason")
        .contains("at most 30 announces in 30 seconds")
        .endsWith("8:intervali30ee");
    assertThat(meters.counter("slipway.tracker.announces", "outcome", "flood").count())
        .isEqualTo(1);
    assertThat(join("m3", "a", 3)).as("one place, however often").hasSize(2);
    clock.advance(AnnounceLimit.WINDOW);
    assertThat(announce(flooder, "10.0.0.8", query(9, 1, ""), List.of())).startsWith("d8:complete");
  }

  @Test
  void a_clock_that_is_set_back_keeps_nobody_out() {
    for (var i = 0; i <= AnnounceLimit.MOST; i++) {
      join0("m1");
    }
    clock.advance(Duration.ofHours(-3));
    assertThat(join0("m1")).startsWith("d8:complete");
  }

  @Test
  void thousands_of_members_of_one_swarm_push_out_each_other_and_nobody_else() {
    var small = new Tracker(clock, meters, 100);
    var other = new Ticket(new Sha256("b".repeat(64)), "other", "a");
    small.announce(other, address("10.0.0.2"), query(7, 1, ""), List.of());
    for (var i = 0; i < 3_000; i++) {
      var ticket = new Ticket(ARTIFACT, "m" + i, "a");
      small.announce(ticket, address("10.0.0.1"), query(1 + i, 1, ""), List.of());
    }
    assertThat(small.peers()).isEqualTo(100);
    var asks = new Ticket(other.artifact(), "asks", "a");
    var answer = small.announce(asks, address("10.0.0.3"), query(8, 1, ""), List.of());
    assertThat(peers(new String(answer, StandardCharsets.ISO_8859_1)))
        .containsExactly("10.0.0.2:7");
  }

  private String join0(String member) {
    return announce(new Ticket(ARTIFACT, member, "a"), "10.0.0.1", query(1, 1, ""), List.of());
  }

  private List<String> join(String member, String zone, int port) {
    var ticket = new Ticket(ARTIFACT, member, zone);
    return peers(announce(ticket, "10.0.0.1", query(port, 1, ""), List.of()));
  }

  private List<String> complete(String member, int port) {
    return peers(complete0(member, port));
  }

  private String complete0(String member, int port) {
    var ticket = new Ticket(ARTIFACT, member, "a");
    return announce(ticket, "10.0.0.1", query(port, 0, "&event=completed"), List.of());
  }

  private String announce(
      Ticket ticket, String from, @Nullable String query, List<InetSocketAddress> residents) {
    return new String(
        tracker.announce(ticket, address(from), query, residents), StandardCharsets.ISO_8859_1);
  }

  private static String query(int port, int left, String more) {
    return IDS + "port=" + port + "&left=" + left + more;
  }

  private static InetAddress address(String ip) {
    try {
      return InetAddress.getByName(ip);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> peers(String body) {
    var at = body.indexOf("5:peers") + "5:peers".length();
    var colon = body.indexOf(':', at);
    var compact =
        body.substring(colon + 1, colon + 1 + Integer.parseInt(body.substring(at, colon)));
    var peers = new ArrayList<String>();
    for (var i = 0; i < compact.length(); i += 6) {
      peers.add(
          "%d.%d.%d.%d:%d"
              .formatted(
                  (int) compact.charAt(i),
                  (int) compact.charAt(i + 1),
                  (int) compact.charAt(i + 2),
                  (int) compact.charAt(i + 3),
                  (compact.charAt(i + 4) << 8) + compact.charAt(i + 5)));
    }
    return peers;
  }
}
