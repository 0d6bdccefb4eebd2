package dev.slipway.common.trace;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Traces are off, unless a collector is named. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TracingProperties.class)
public class TracingConfiguration {
  @Bean
  Traces traces(TracingProperties properties, MeterRegistry meters) {
    var endpoint = properties.endpoint();
    return endpoint == null ? Traces.OFF : Traces.by(Tracer.to(endpoint, meters));
  }
}
