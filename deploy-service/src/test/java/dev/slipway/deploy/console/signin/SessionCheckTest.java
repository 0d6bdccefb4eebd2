package dev.slipway.deploy.console.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Caller;
import dev.slipway.common.access.Role;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.core.context.SecurityContextHolder;

@NullMarked
class SessionCheckTest {
  private static final Duration LONGEST = Duration.ofHours(12);

  @AfterEach
  void forget() {
    SecurityContextHolder.clearContext();
  }

  /** Whether a session that began just now is still there after so long. */
  private static boolean lasts(Duration time, Proof proof) throws Exception {
    var session = new MockHttpSession();
    var request = new MockHttpServletRequest("GET", "/");
    request.setSession(session);
    SecurityContextHolder.getContext()
        .setAuthentication(Proof.signedIn(new Caller("ann", Role.VIEWER, null), proof));
    var later = Clock.offset(Clock.systemUTC(), time);
    new SessionCheck(LONGEST, later)
        .doFilter(request, new MockHttpServletResponse(), new MockFilterChain());
    assertThat(SecurityContextHolder.getContext().getAuthentication() == null)
        .isEqualTo(session.isInvalid());
    return !session.isInvalid();
  }

  @Test
  void a_session_ends_when_it_has_lasted_long_enough_however_good_its_proof() throws Exception {
    assertThat(lasts(LONGEST.minusMinutes(1), () -> true)).isTrue();
    assertThat(lasts(LONGEST.plusSeconds(1), () -> true)).isFalse();
  }

  @Test
  void a_session_ends_with_its_proof() throws Exception {
    assertThat(lasts(Duration.ZERO, () -> false)).isFalse();
  }
}
