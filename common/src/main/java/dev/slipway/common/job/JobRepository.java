package dev.slipway.common.job;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

/** Reads jobs. */
public interface JobRepository extends Repository<Job, Long> {
  @Nullable Job findById(long id);

  @Nullable Job findByAppAndCommitSha(String app, String commitSha);

  /** An app's builds, newest first by their place in the branch. */
  List<Job> findByAppOrderBySeqDesc(String app, Limit limit);

  /** A page of all builds by descending id: those with an id below {@code before}. */
  List<Job> findByIdLessThanOrderByIdDesc(long before, Limit limit);
}
