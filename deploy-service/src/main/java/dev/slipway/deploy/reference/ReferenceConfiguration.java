package dev.slipway.deploy.reference;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The page's parts. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ReferenceProperties.class)
public class ReferenceConfiguration {
  @Bean
  Reference reference(ReferenceProperties properties, MeterRegistry meters) {
    return new Reference(properties.services(), System::nanoTime, meters);
  }
}
