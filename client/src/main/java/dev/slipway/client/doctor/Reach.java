package dev.slipway.client.doctor;

import dev.slipway.client.call.Service;
import dev.slipway.client.text.Words;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Whether a service is there, is well, and has the same time as we. */
final class Reach {
  /** Targets and tokens expire by the clock; their shortest terms are minutes. */
  private static final Duration APART = Duration.ofSeconds(10);

  private final Clock clock;

  Reach(Clock clock) {
    this.clock = clock;
  }

  /** Asks for its health. */
  Finding look(Service service) throws InterruptedException {
    var begun = clock.instant();
    try {
      var answer = service.health();
      answer.body().close();
      return judge(service, answer, begun);
    } catch (IOException away) {
      return Finding.error(
          service.name(),
          String.valueOf(away.getMessage()),
          "start it, or sign in with its right address");
    }
  }

  private Finding judge(Service service, HttpResponse<InputStream> answer, Instant begun) {
    if (answer.statusCode() != 200) {
      return Finding.error(
          service.name(),
          "at %s is not well: its health answers %d".formatted(service.base(), answer.statusCode()),
          "look at its log; most often its database is away");
    }
    var apart = dateOf(answer).map(date -> apart(date, begun, clock.instant()));
    if (apart.isPresent() && apart.get().compareTo(APART) > 0) {
      return Finding.warning(
          service.name(),
          "has another time than this host, by " + Words.seconds(apart.get().toMillis() / 1000.0),
          "let both hosts keep their clocks by NTP");
    }
    return Finding.ok(service.name(), "answers at " + service.base());
  }

  private static Optional<Instant> dateOf(HttpResponse<?> answer) {
    try {
      return answer
          .headers()
          .firstValue("Date")
          .map(date -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
    } catch (DateTimeException none) {
      return Optional.empty();
    }
  }

  /** By how much a time that was read between two others is out of them. */
  static Duration apart(Instant date, Instant begun, Instant ended) {
    if (date.isBefore(begun)) {
      return Duration.between(date, begun);
    }
    return date.isAfter(ended) ? Duration.between(ended, date) : Duration.ZERO;
  }
}
