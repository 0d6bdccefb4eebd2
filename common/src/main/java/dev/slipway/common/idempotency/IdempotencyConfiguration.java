package dev.slipway.common.idempotency;

import dev.slipway.common.loop.Loop;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** For services with a database whose calls people may want to repeat. */
@Configuration(proxyBeanMethods = false)
public class IdempotencyConfiguration {
  private static final Duration FORGET = Duration.ofMinutes(10);

  @Bean
  IdempotencyStore idempotencyKeys(JdbcClient jdbc) {
    return new IdempotencyStore(jdbc);
  }

  @Bean
  IdempotencyFilter idempotency(
      IdempotencyStore keys,
      TransactionOperations transaction,
      @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems,
      MeterRegistry meters) {
    return new IdempotencyFilter(keys, transaction, problems, meters);
  }

  @Bean
  Loop idempotencyLoop(IdempotencyStore keys, MeterRegistry meters) {
    return new Loop("idempotency-keys", FORGET, keys::forgetOld, meters).start();
  }
}
