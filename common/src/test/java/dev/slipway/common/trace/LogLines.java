package dev.slipway.common.trace;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What Slipway logs in this process for as long as it is open, with the ids of traces. */
@NullMarked
public final class LogLines implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.slipway");
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private final Appender appender = new Appender();

  /**
   * A line of the log.
   *
   * @param logger the class that wrote it, without its package
   * @param trace where it belongs, as {@code TRACE SPAN}; none where it does not say
   */
  public record Line(String logger, String text, @Nullable String trace) {}

  private final class Appender extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      var ids = event.getMDCPropertyMap();
      var name = event.getLoggerName();
      lines.add(
          new Line(
              name.substring(name.lastIndexOf('.') + 1),
              event.getFormattedMessage(),
              ids.containsKey("traceId") ? ids.get("traceId") + " " + ids.get("spanId") : null));
    }
  }

  public LogLines() {
    appender.start();
    logger.addAppender(appender);
  }

  /** Those so far that have a text in them. */
  public List<Line> saying(String part) {
    return lines.stream().filter(line -> line.text().contains(part)).toList();
  }

  /** How a line names a span. */
  public static String of(TraceParent span) {
    return span.traceId() + " " + span.spanId();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
  }
}
