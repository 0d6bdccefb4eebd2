package dev.slipway.deploy.webhook;

import dev.slipway.common.loop.Loop;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The parts that tell others. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookProperties.class)
@Import(WebhookController.class)
public class WebhookConfiguration {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofSeconds(2);

  @Bean
  WebhookStore webhooks(JdbcClient jdbc, MeterRegistry meters) {
    var webhooks = new WebhookStore(jdbc);
    meters.gauge("slipway.webhooks.disabled", webhooks, WebhookStore::disabled);
    return webhooks;
  }

  @Bean
  DeliveryStore webhookDeliveries(JdbcClient jdbc) {
    return new DeliveryStore(jdbc);
  }

  @Bean
  Destinations destinations(WebhookProperties properties) {
    return new Destinations(properties.allowedHosts(), InetAddress::getAllByName);
  }

  @Bean
  Sender webhookSender(Destinations destinations, Clock clock) {
    return new Sender(destinations, TIMEOUT, clock);
  }

  @Bean
  WebhookOutbox webhookOutbox(
      JdbcClient jdbc,
      DeliveryStore deliveries,
      Sender sender,
      WebhookProperties properties,
      MeterRegistry meters) {
    return new WebhookOutbox(new EventStore(jdbc), deliveries, sender, properties, meters);
  }

  @Bean
  Loop webhookLoop(WebhookOutbox outbox, MeterRegistry meters) {
    return new Loop("webhooks", LOOK, outbox::runOnce, meters).start();
  }
}
