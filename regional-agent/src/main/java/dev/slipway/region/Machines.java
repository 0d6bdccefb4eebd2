package dev.slipway.region;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.client.ClientTls;
import dev.slipway.common.client.ServiceClient;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.loop.Loop;
import dev.slipway.common.swarm.AdmittedSwarm;
import dev.slipway.common.swarm.AnnounceKeys;
import dev.slipway.common.swarm.CircleAuthority;
import dev.slipway.common.swarm.Dealer;
import dev.slipway.common.swarm.Swarm;
import dev.slipway.common.swarm.Tracker;
import dev.slipway.common.target.TargetApi;
import dev.slipway.region.cache.ArtifactCache;
import dev.slipway.region.copy.Healer;
import dev.slipway.region.copy.Keeper;
import dev.slipway.region.copy.Replicator;
import dev.slipway.region.machine.Admission;
import dev.slipway.region.machine.Assignments;
import dev.slipway.region.machine.Fleet;
import dev.slipway.region.machine.LongPoll;
import dev.slipway.region.machine.Outlet;
import dev.slipway.region.machine.Reporter;
import dev.slipway.region.machine.Resident;
import dev.slipway.region.machine.Revocations;
import dev.slipway.region.target.TargetCache;
import dev.slipway.region.target.TargetFollower;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The parts that follow the centre, answer machines, and tell the centre of them. */
@Configuration(proxyBeanMethods = false)
class Machines {
  /** Only after a pass that failed in a way of its own: passes wait by themselves. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Duration RENEWAL = CircleAuthority.VALID.dividedBy(4);

  @Bean
  TargetApi centre(RegionProperties properties, ClientTls tls, MeterRegistry meters) {
    return ServiceClient.of(
        TargetApi.class,
        properties.deployUrl(),
        properties.token(),
        Duration.ofSeconds(TargetApi.LONGEST_WAIT + 10L),
        meters,
        tls);
  }

  @Bean
  TargetFollower targetFollower(
      TargetApi centre, RegionProperties properties, TargetCache cache, MeterRegistry meters) {
    return new TargetFollower(
        centre, properties.name(), cache, new Upstream("targets", meters), System::nanoTime);
  }

  @Bean
  AnnounceKeys announceKeys(RegionProperties properties, Clock clock) {
    return new AnnounceKeys(
        Secrets.hmac(properties.machineSecret(), "announce"), CircleAuthority.VALID, clock);
  }

  @Bean
  Admission admission(
      TargetCache targets,
      OwnAddress own,
      AnnounceKeys keys,
      Fleet fleet,
      Revocations revocations,
      ObjectProvider<CircleAuthority> authority) {
    return new Admission(targets, own, keys, fleet, revocations, authority.getIfAvailable());
  }

  @Bean
  Tracker tracker(Clock clock, MeterRegistry meters) {
    return new Tracker(clock, meters);
  }

  @Bean
  Resident resident(
      ArtifactCache cache,
      ObjectProvider<Swarm> swarm,
      RegionProperties properties,
      OwnAddress own) {
    return new Resident(
        cache,
        swarm.getIfAvailable(),
        () ->
            properties.publicSwarmHost() != null
                ? properties.publicSwarmHost()
                : own.address().getHost());
  }

  @Bean
  Outlet outlet(RegionProperties properties, MeterRegistry meters) {
    return new Outlet(properties.machineRate().toBytes(), properties.machineReaders(), meters);
  }

  @Bean
  Dealer dealer() {
    return new Dealer();
  }

  @Bean
  Assignments assignments(OwnAddress own, RegionProperties properties) {
    return new Assignments(own, properties.prefetchRate().toBytes());
  }

  @Bean
  LongPoll longPoll(
      TargetCache targets,
      Changes changes,
      Assignments assignments,
      Fleet fleet,
      RegionProperties properties) {
    return new LongPoll(targets, changes, assignments, fleet, properties.machineLimits());
  }

  @Bean
  Fleet fleet(RegionProperties properties, MeterRegistry meters) {
    var fleet = new Fleet(properties.machines(), System::nanoTime);
    meters.gauge("slipway.machines", fleet, Fleet::size);
    return fleet;
  }

  @Bean
  Reporter reporter(
      Fleet fleet, TargetApi centre, RegionProperties properties, MeterRegistry meters) {
    return new Reporter(fleet, centre, properties.name(), new Upstream("reports", meters));
  }

  @Bean
  Work work(
      TargetFollower follower,
      Reporter reporter,
      Replicator replicator,
      Keeper keeper,
      Healer healer,
      LongPoll longPoll,
      ObjectProvider<Swarm> swarm,
      MeterRegistry meters) {
    return new Work(
        List.of(
            new Loop("certificates", RENEWAL, renewal(swarm.getIfAvailable()), meters),
            new Loop("targets", PAUSE, follower, meters),
            new Loop("reports", PAUSE, reporter, meters),
            new Loop("replications", PAUSE, replicator, meters),
            new Loop("cache", PAUSE, keeper, meters),
            new Loop("repairs", PAUSE, healer, meters),
            new Loop("answers", PAUSE, longPoll, meters)),
        longPoll::close);
  }

  private static Loop.Pass renewal(@Nullable Swarm swarm) {
    return () -> {
      if (swarm instanceof AdmittedSwarm admitted) {
        admitted.renew();
      }
      return false;
    };
  }
}
