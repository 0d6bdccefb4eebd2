package dev.slipway.region;

import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.blob.BlobStores;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.openapi.ApiDescription;
import dev.slipway.common.problem.ProblemHandler;
import dev.slipway.common.swarm.AdmittedSwarm;
import dev.slipway.common.swarm.CircleAuthority;
import dev.slipway.common.swarm.LibtorrentSwarm;
import dev.slipway.common.swarm.Swarm;
import dev.slipway.region.cache.ArtifactCache;
import dev.slipway.region.copy.OriginController;
import dev.slipway.region.machine.AnnounceController;
import dev.slipway.region.machine.ArtifactController;
import dev.slipway.region.machine.MachineController;
import dev.slipway.region.machine.PassController;
import dev.slipway.region.machine.RegistrationController;
import dev.slipway.region.target.TargetCache;
import dev.slipway.region.target.TargetFile;
import dev.slipway.region.target.TargetHealth;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** A region's agent. What it shares is here; what it does is in the two configurations imported. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableConfigurationProperties(RegionProperties.class)
@Import({
  Copying.class,
  Machines.class,
  RegionSecurity.class,
  OriginController.class,
  MachineController.class,
  PassController.class,
  RegistrationController.class,
  ArtifactController.class,
  AnnounceController.class,
  ApiDescription.class,
  ProblemHandler.class,
  HalfSentHandler.class
})
public class RegionalAgentApplication {
  /** Runs the service. */
  public static void main(String[] arguments) {
    builder().run(arguments);
  }

  /** The service, not yet started. */
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(RegionalAgentApplication.class)
        .properties("spring.config.name=regional-agent");
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> pollProtocol() {
    return PollProtocol.customizer();
  }

  @Bean
  OwnAddress ownAddress(RegionProperties properties) {
    return new OwnAddress(properties.url());
  }

  @Bean
  Buckets buckets(RegionProperties properties, MeterRegistry meters) throws IOException {
    return new Buckets(
        BlobStores.open(properties.bucket(), meters),
        BlobStores.open(properties.homeBucket(), meters));
  }

  @Bean
  TrustedKeys trustedKeys(RegionProperties properties) throws IOException {
    var keys = new ArrayList<String>();
    for (var file : properties.trustedKeyFiles()) {
      keys.add(Files.readString(file));
    }
    return new TrustedKeys(keys);
  }

  @Bean
  Changes targetChanges() {
    return new Changes();
  }

  @Bean
  TargetHealth targetsHealthIndicator(TargetCache targets) {
    return new TargetHealth(targets);
  }

  @Bean
  TargetCache targets(RegionProperties properties, Changes changes, MeterRegistry meters) {
    return new TargetCache(
        TargetFile.open(properties.dir().resolve("targets.mv"), meters), changes);
  }

  /** None where the engine is not available. */
  @Bean
  @Nullable Swarm swarm(
      RegionProperties properties,
      ObjectProvider<CircleAuthority> authority,
      MeterRegistry meters) {
    if (!LibtorrentSwarm.isAvailable()) {
      return null;
    }
    var tls = authority.getIfAvailable();
    var engine =
        LibtorrentSwarm.start(properties.swarmHost(), properties.swarmPort(), tls != null)
            .showingIn(meters);
    return tls == null ? engine : new AdmittedSwarm(engine, tls);
  }

  /** None where peers do not speak TLS. */
  @Bean
  @Nullable CircleAuthority authority(RegionProperties properties, Clock clock) {
    var secret = properties.swarmSecret();
    return secret == null ? null : new CircleAuthority(secret, clock);
  }

  @Bean
  ArtifactCache cache(
      RegionProperties properties,
      TargetCache targets,
      ObjectProvider<Swarm> swarm,
      MeterRegistry meters)
      throws IOException {
    return new ArtifactCache(
        properties.dir().resolve("cache"),
        properties.cacheSize().toBytes(),
        () -> targets.snapshot().artifacts(),
        swarm.getIfAvailable(),
        meters);
  }
}
