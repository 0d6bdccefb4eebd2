package dev.slipway.client.call;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A path with the parameters that were given. */
public final class Query {
  private final StringBuilder text;
  private char separator = '?';

  private Query(String path) {
    this.text = new StringBuilder(path);
  }

  public static Query of(String path) {
    return new Query(path);
  }

  /** With a parameter, unless it was left out. */
  public Query with(String name, @Nullable Object value) {
    if (value != null) {
      text.append(separator).append(name).append('=').append(encoded(value.toString()));
      separator = '&';
    }
    return this;
  }

  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
