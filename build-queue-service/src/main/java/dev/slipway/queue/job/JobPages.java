package dev.slipway.queue.job;

import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Jobs page by page. */
public interface JobPages extends Repository<Job, Long> {
  /**
   * The newest jobs below an id.
   *
   * @param app none for all
   * @param status none for all
   */
  @Query(
      """
      select j from Job j
      where j.id < :before and (:app is null or j.app = :app) and (:status is null or j.status = :status)
      order by j.id desc
      """)
  List<Job> page(long before, @Nullable String app, @Nullable JobStatus status, Limit limit);
}
