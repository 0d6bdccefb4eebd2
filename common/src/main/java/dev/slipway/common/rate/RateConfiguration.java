package dev.slipway.common.rate;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Has the service's {@code ApiSecurity} hold its callers to a rate. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RateProperties.class)
public class RateConfiguration {
  @Bean
  CallerLimits callerLimits(RateProperties properties, MeterRegistry meters) {
    return new CallerLimits(properties, System::nanoTime, meters);
  }
}
