package dev.slipway.machine;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Each log line as a JSON object, with the fields that the services give it as {@code logstash}.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    var line = new LinkedHashMap<String, Object>();
    line.put("@timestamp", event.getInstant().toString());
    line.put("@version", "1");
    line.put("message", event.getFormattedMessage());
    line.put("logger_name", event.getLoggerName());
    line.put("thread_name", event.getThreadName());
    line.put("level", event.getLevel().toString());
    line.put("level_value", event.getLevel().toInt());
    line.putAll(event.getMDCPropertyMap());
    if (event.getThrowableProxy() != null) {
      line.put("stack_trace", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return (JsonMapper.shared().writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
