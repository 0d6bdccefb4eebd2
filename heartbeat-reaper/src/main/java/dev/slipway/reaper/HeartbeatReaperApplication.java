package dev.slipway.reaper;

import dev.slipway.common.access.ApiSecurity;
import dev.slipway.common.access.Role;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.loop.Loop;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.openapi.ApiDescription;
import dev.slipway.common.problem.DatabaseGone;
import dev.slipway.common.problem.ProblemHandler;
import dev.slipway.common.rate.RateConfiguration;
import dev.slipway.common.schema.SchemaConfiguration;
import dev.slipway.common.trace.Traces;
import dev.slipway.common.trace.TracingConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** The auxiliary service that keeps jobs from being stuck with workers that are gone. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableConfigurationProperties(ReaperProperties.class)
@Import({
  HeartbeatController.class,
  ApiDescription.class,
  RateConfiguration.class,
  SchemaConfiguration.class,
  TracingConfiguration.class,
  DatabaseGone.class,
  ProblemHandler.class
})
public class HeartbeatReaperApplication {
  /** Runs the service. */
  public static void main(String[] arguments) {
    builder().run(arguments);
  }

  /** The service, not yet started. */
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(HeartbeatReaperApplication.class)
        .properties("spring.config.name=heartbeat-reaper");
  }

  @Bean
  HeartbeatStore heartbeats(JdbcClient jdbc) {
    return new HeartbeatStore(jdbc);
  }

  @Bean
  WorkerStore workers(JdbcClient jdbc) {
    return new WorkerStore(jdbc);
  }

  @Bean
  Loop workerLoop(WorkerStore workers, MeterRegistry meters) {
    return new Loop("workers", Duration.ofHours(1), workers::forgetOld, meters).start();
  }

  @Bean
  Reaper reaper(JdbcClient jdbc, ReaperProperties properties, Traces traces, MeterRegistry meters) {
    return new Reaper(
        new LostJobStore(jdbc),
        new NoticeStore(jdbc),
        new Attendance(properties.timeout()),
        properties.timeout(),
        traces,
        meters);
  }

  @Bean
  Loop reaperLoop(Reaper reaper, ReaperProperties properties, MeterRegistry meters) {
    return new Loop("reaper", properties.passInterval(), reaper::runOnce, meters).start();
  }

  @Bean
  TokenStore tokens(JdbcClient jdbc) {
    return new TokenStore(jdbc);
  }

  @Bean
  RoleHierarchy roles() {
    return ApiSecurity.roles();
  }

  @Bean
  SecurityFilterChain security(HttpSecurity http, TokenStore tokens) {
    return ApiSecurity.chain(
        http,
        tokens,
        requests -> requests.requestMatchers("/api/v1/heartbeats").hasRole(Role.WORKER.name()));
  }
}
