package dev.slipway.replication;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.replica.ReplicaClaim;
import dev.slipway.common.replica.ReplicaStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The moves of replicas, and of builds to replicated. */
final class ReplicaStore {
  private final JdbcClient jdbc;

  ReplicaStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A copy to judge, with what it must be. */
  record Claimed(
      long job,
      String region,
      String bucket,
      String name,
      String manifest,
      long size,
      Sha256 sha256,
      String crc32c) {}

  /** A replica as people see it. */
  record Replica(
      String region, ReplicaStatus status, @Nullable Long movedBytes, @Nullable String problem) {}

  /**
   * Notes that a region says it holds a copy; one that was verified stays verified.
   *
   * @return whether there is such a build and its size and digest are as the region says
   */
  boolean claim(long job, RegionName region, ReplicaClaim claim) {
    return jdbc.sql(
                """
                insert into replica (job, region, status, present_at, moved_bytes)
                select id, :region, 'PRESENT', now(), :moved from job
                where id = :job and status = 'SUCCEEDED' and retired_at is null and sha256 = :sha256 and size_bytes = :size
                on conflict (job, region) do update
                set status = case replica.status when 'VERIFIED' then 'VERIFIED' else 'PRESENT' end,
                    present_at = now(), moved_bytes = coalesce(replica.moved_bytes, 0) + excluded.moved_bytes, problem = null
                """)
            .param("job", job)
            .param("region", region.value())
            .param("moved", claim.movedBytes())
            .param("sha256", claim.sha256().value())
            .param("size", claim.size())
            .update()
        == 1;
  }

  /**
   * Copies that wait to be judged, up to 25 of each region, so that no region holds up the others;
   * the oldest claim first.
   */
  List<Claimed> claimed() {
    return jdbc.sql(
            """
            select replica.job, replica.region, region.bucket, job.binary_name, job.manifest, job.size_bytes, job.sha256, job.crc32c
            from region cross join lateral (
              select * from replica where replica.region = region.name and replica.status = 'PRESENT'
              order by replica.present_at limit 25) as replica
            join job on job.id = replica.job and job.retired_at is null
            order by replica.present_at
            """)
        .query((row, n) ->
            new Claimed(
                row.getLong("job"),
                row.getString("region"),
                row.getString("bucket"),
                row.getString("binary_name"),
                row.getString("manifest"),
                row.getLong("size_bytes"),
                new Sha256(row.getString("sha256")),
                row.getString("crc32c")))
        .list();
  }

  /** Puts a copy that could not be read behind those that wait to be judged. */
  void postpone(Claimed copy) {
    jdbc.sql(
            """
            update replica set present_at = now()
            where job = :job and region = :region and status = 'PRESENT'
            """)
        .param("job", copy.job())
        .param("region", copy.region())
        .update();
  }

  /** Nothing that is known of a region's copies holds any more: it has another bucket. */
  void forget(RegionName region) {
    jdbc.sql(
            "update replica set status = 'WANTED' where region = :region and status in ('PRESENT', 'VERIFIED')")
        .param("region", region.value())
        .update();
  }

  void verified(Claimed copy, long generation) {
    jdbc.sql(
            """
            update replica set status = 'VERIFIED', verified_at = now(), generation = :generation, problem = null
            where job = :job and region = :region and status = 'PRESENT'
            """)
        .param("generation", generation)
        .param("job", copy.job())
        .param("region", copy.region())
        .update();
  }

  void corrupt(Claimed copy, String problem) {
    jdbc.sql(
            """
            update replica set status = 'CORRUPT', problem = :problem
            where job = :job and region = :region and status = 'PRESENT'
            """)
        .param("problem", problem)
        .param("job", copy.job())
        .param("region", copy.region())
        .update();
  }

  /**
   * Marks the builds of which every wanted region holds a verified copy, and returns how many
   * became so.
   */
  int markReplicated() {
    return jdbc.sql(
            """
            update job set replicated_at = now()
            where worker is not null and failure is null and replicated_at is null and status = 'SUCCEEDED'
              and exists (select from region where wanted)
              and not exists (
                select from region where wanted and not exists (
                  select from replica
                  where replica.job = job.id and replica.region = region.name and replica.status = 'VERIFIED'))
            """)
        .update();
  }

  /** A build's replicas by region. */
  List<Replica> replicasOf(long job) {
    return jdbc.sql(
            "select region, status, moved_bytes, problem from replica where job = :job order by region")
        .param("job", job)
        .query((row, n) ->
            new Replica(
                row.getString("region"),
                ReplicaStatus.valueOf(row.getString("status")),
                row.getObject("moved_bytes", Long.class),
                row.getString("problem")))
        .list();
  }
}
