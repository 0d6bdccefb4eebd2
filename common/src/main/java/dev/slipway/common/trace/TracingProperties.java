package dev.slipway.common.trace;

import dev.slipway.common.problem.InvalidInput;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where traces go.
 *
 * @param endpoint takes OTLP over HTTP as JSON, as {@code http://collector:4318/v1/traces}; none:
 *     nothing is traced
 */
@ConfigurationProperties("slipway.tracing")
public record TracingProperties(@Nullable URI endpoint) {
  public TracingProperties {
    // an environment variable that is there and empty
    endpoint = endpoint == null || endpoint.toString().isEmpty() ? null : endpoint;
    InvalidInput.unless(
        endpoint == null
            || (endpoint.getHost() != null
                && ("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))),
        "slipway.tracing.endpoint",
        "must be an http or https address");
  }
}
