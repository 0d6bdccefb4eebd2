package dev.slipway.client.build;

import dev.slipway.client.call.Events;
import dev.slipway.client.call.Query;
import dev.slipway.client.call.Service;
import dev.slipway.common.problem.Problem;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Follows what a build prints to its end, over lost connections and attempts. */
final class Follower {
  /** So often in a row a connection may bring nothing. */
  private static final int TRIES = 20;

  private static final int LONGEST_PAUSE_MILLIS = 5_000;
  private static final int FIRST_PAUSE_MILLIS = 250;

  private final Service queue;
  private final long build;
  private final Consumer<String> text;
  private final Consumer<String> notes;
  private String last = "";
  private int inVain;

  /**
   * @param text takes what is printed
   * @param notes takes what is to be known beside
   */
  Follower(Service queue, long build, Consumer<String> text, Consumer<String> notes) {
    this.queue = queue;
    this.build = build;
    this.text = text;
    this.notes = notes;
  }

  /**
   * Blocks until the build has ended.
   *
   * @return its final state
   * @throws IOException when the connection broke off for good
   */
  String run() throws IOException, InterruptedException {
    while (true) {
      try {
        var status = connection();
        if (status.isPresent()) {
          return status.get();
        }
        // the service keeps none for ever: it ended in order
      } catch (IOException lost) {
        giveUpAfterTries(lost);
      } catch (Problem busy) {
        if (busy.status() < 502 && busy.status() != 429) {
          throw busy;
        }
        giveUpAfterTries(busy);
      }
      inVain++;
      pause();
    }
  }

  private <E extends Exception> void giveUpAfterTries(E lost) throws E {
    if (inVain >= TRIES) {
      throw lost;
    }
    if (inVain == 0) {
      notes.accept("The connection broke off; trying again …");
    }
  }

  private void pause() throws InterruptedException {
    var longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(inVain, 10));
    TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(longest / 2, longest));
  }

  private Optional<String> connection() throws IOException, InterruptedException {
    var path = Query.of("/api/v1/jobs/" + build + "/log").with("follow", true);
    try (var events = Events.open(queue, path, last)) {
      for (var event = events.next(); event != null; event = events.next()) {
        inVain = 0;
        last = event.id();
        switch (event.name()) {
          case "log" -> text.accept(event.data());
          case "attempt" -> attempt(event.data());
          case "end" -> {
            return Optional.of(event.data());
          }
          default -> {
            // of a later version
          }
        }
      }
      return Optional.empty();
    }
  }

  private void attempt(String number) {
    if (!number.equals("1") && !number.equals("0")) {
      notes.accept("Attempt " + number + ":");
    }
  }
}
