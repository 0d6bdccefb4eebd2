package dev.slipway.region;

import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.client.ClientTls;
import dev.slipway.common.client.ServiceClient;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.replica.ReplicationApi;
import dev.slipway.region.cache.ArtifactCache;
import dev.slipway.region.copy.BlockCopies;
import dev.slipway.region.copy.BucketCopy;
import dev.slipway.region.copy.Copier;
import dev.slipway.region.copy.Delta;
import dev.slipway.region.copy.Doubts;
import dev.slipway.region.copy.Followed;
import dev.slipway.region.copy.Healer;
import dev.slipway.region.copy.Intake;
import dev.slipway.region.copy.Keeper;
import dev.slipway.region.copy.Orders;
import dev.slipway.region.copy.Origin;
import dev.slipway.region.copy.OwnBucket;
import dev.slipway.region.copy.ProvenanceCopies;
import dev.slipway.region.copy.Replicator;
import dev.slipway.region.copy.SignedManifests;
import dev.slipway.region.copy.Transport;
import dev.slipway.region.target.TargetCache;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The parts that bring artifacts into the region and keep them on this agent's disk. */
@Configuration(proxyBeanMethods = false)
class Copying {
  @Bean
  ClientTls tls(SslBundles bundles) {
    return ClientTls.of(bundles);
  }

  @Bean
  ReplicationApi replication(RegionProperties properties, ClientTls tls, MeterRegistry meters) {
    return ServiceClient.of(
        ReplicationApi.class,
        properties.replicationUrl(),
        properties.token(),
        Duration.ofSeconds(ReplicationApi.LONGEST_WAIT + 10L),
        meters,
        tls);
  }

  @Bean
  Origin origin(
      Buckets buckets, OwnAddress own, RegionProperties properties, MeterRegistry meters) {
    return new Origin(buckets.home(), own, properties.originReaders(), meters);
  }

  @Bean
  OwnBucket ownBucket(Buckets buckets, SignedManifests manifests) {
    return new OwnBucket(buckets.own(), manifests);
  }

  /** Of the region's bucket. */
  @Bean
  SignedManifests manifests(Buckets buckets, TrustedKeys keys) {
    return new SignedManifests(buckets.own(), keys);
  }

  @Bean
  Intake intake(ArtifactCache cache, Buckets buckets, SignedManifests manifests) {
    return new Intake(cache, buckets.own(), manifests);
  }

  @Bean
  Copier copier(
      Buckets buckets,
      OwnBucket own,
      TrustedKeys keys,
      ArtifactCache cache,
      TargetCache targets,
      Origin origin,
      RegionProperties properties,
      MeterRegistry meters) {
    return new Copier(
        own,
        new SignedManifests(buckets.home(), keys),
        new Transport(
            cache,
            origin,
            new Delta(cache, targets, buckets.own(), origin, meters),
            properties.stall(),
            meters),
        new BucketCopy(buckets.home(), own, meters),
        new BlockCopies(buckets, meters),
        new ProvenanceCopies(buckets, keys, meters));
  }

  @Bean
  Replicator replicator(
      ReplicationApi centre,
      RegionProperties properties,
      Copier copier,
      Intake intake,
      MeterRegistry meters) {
    return new Replicator(
        new Orders(centre, properties.name(), properties.agent()),
        copier,
        new Followed(intake),
        properties.copies(),
        new Upstream("replications", meters),
        meters);
  }

  @Bean
  Keeper keeper(
      TargetCache targets,
      Changes changes,
      ArtifactCache cache,
      Intake intake,
      MeterRegistry meters) {
    return new Keeper(targets, changes, cache, intake, meters);
  }

  @Bean
  Doubts doubts() {
    return new Doubts(System::nanoTime);
  }

  @Bean
  Healer healer(
      Doubts doubts,
      TargetCache targets,
      Keeper keeper,
      ArtifactCache cache,
      OwnBucket own,
      Origin origin,
      MeterRegistry meters) {
    return new Healer(doubts, targets, keeper, new Healer.Copies(cache, own, origin), meters);
  }
}
