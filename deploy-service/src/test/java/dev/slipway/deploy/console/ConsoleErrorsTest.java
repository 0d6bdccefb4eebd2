package dev.slipway.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

@NullMarked
class ConsoleErrorsTest {
  private static int statusOf(Exception thrown) {
    var response = new MockHttpServletResponse();
    new ConsoleErrors()
        .resolveException(new MockHttpServletRequest("GET", "/"), response, null, thrown);
    return response.getStatus();
  }

  @Test
  void a_statement_that_the_database_has_no_time_for_is_no_fault_of_the_page() {
    var late = new QueryTimeoutException("late");
    assertThat(statusOf(late)).isEqualTo(503);
    assertThat(statusOf(new IllegalStateException("while it was drawn", late))).isEqualTo(503);
    assertThat(statusOf(new IllegalStateException("broken"))).isEqualTo(500);
  }
}
