package dev.slipway.queue.job;

import dev.slipway.common.log.BuildLogs;
import java.io.IOException;
import java.io.Writer;

/** Writes server-sent events; each is on its way when its call returns. */
final class LogEvents {
  private final Writer out;

  LogEvents(Writer out) {
    this.out = out;
  }

  /**
   * Output as it was printed; joined, the events' data are the log.
   *
   * @param text its end is sent as the event's id, {@code attempt-end}, to go on from after a lost
   *     connection
   */
  void log(int attempt, BuildLogs.Text text) throws IOException {
    out.write("id: " + attempt + "-" + text.end() + "\n");
    event("log", text.content());
  }

  /** From here on it is another attempt's output. */
  void attempt(int attempt) throws IOException {
    event("attempt", String.valueOf(attempt));
  }

  /** The last event: the job's final state. */
  void end(String status) throws IOException {
    event("end", status);
  }

  /** Nothing to say; finds out whether the other side is still there. */
  void ping() throws IOException {
    out.write(":\n\n");
    out.flush();
  }

  private void event(String name, String data) throws IOException {
    out.write("event: " + name + "\n");
    // a carriage return would end the line, so that a build could write events of its own
    for (var line : data.replace("\r\n", "\n").replace('\r', '\n').split("\n", -1)) {
      out.write("data: " + line + "\n");
    }
    out.write("\n");
    out.flush();
  }
}
