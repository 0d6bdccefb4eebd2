package dev.slipway.machine;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets up the process's log in code: reading it from XML takes a third of the time that the agent
 * needs to start.
 */
final class Logging {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSX, UTC} %-5level [%thread] %logger{0}: %msg%n";

  /** The property that the services have for it. */
  private static final String FORMAT = "logging.structured.format.console";

  private static final String JSON = "logstash";

  private Logging() {}

  /**
   * To standard error from INFO up, unless a file is named by logback's own property: as text, or
   * as JSON where the system property or the environment asks for it by the services' setting. Of
   * their forms it has one, and takes it for the others: no app ends for the look of a log.
   */
  static void toStandardError() {
    var format =
        System.getProperty(
            FORMAT,
            System.getenv().getOrDefault(FORMAT.toUpperCase(Locale.ROOT).replace('.', '_'), ""));
    set(format.isEmpty() ? text() : new JsonLines());
    if (!format.isEmpty() && !format.equals(JSON)) {
      LoggerFactory.getLogger(Logging.class).warn("{} is {}; this is {}", FORMAT, format, JSON);
    }
  }

  private static Encoder<ILoggingEvent> text() {
    var encoder = new PatternLayoutEncoder();
    encoder.setPattern(PATTERN);
    return encoder;
  }

  private static void set(Encoder<ILoggingEvent> encoder) {
    if (System.getProperty("logback.configurationFile") != null
        || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    context.reset();
    encoder.setContext(context);
    encoder.start();
    var console = new ConsoleAppender<ILoggingEvent>();
    console.setContext(context);
    console.setName("console");
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(console);
  }
}
