package dev.slipway.queue.status;

import dev.slipway.common.job.JobStatus;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How each kind of forge takes a commit's status. */
public enum ForgeKind {
  GITHUB("/repos/%s/statuses/%s", "context") {
    @Override
    Map<String, String> headers(String token) {
      return Map.of(
          "Authorization",
          "Bearer " + token,
          "Accept",
          "application/vnd.github+json",
          "X-GitHub-Api-Version",
          "2022-11-28");
    }
  },
  GITLAB("/api/v4/projects/%s/statuses/%s", "name") {
    @Override
    Map<String, String> headers(String token) {
      return Map.of("PRIVATE-TOKEN", token);
    }

    // a project may be in groups of groups; its path is one segment
    @Override
    Optional<String> project(List<String> path) {
      return path.size() < 2 ? Optional.empty() : Optional.of(encoded(String.join("/", path)));
    }

    @Override
    String state(JobStatus status) {
      return switch (status) {
        case QUEUED -> "pending";
        case RUNNING -> "running";
        case SUCCEEDED -> "success";
        case FAILED -> "failed";
        case CANCELLED -> "canceled";
      };
    }

    // it refuses to go from a state to itself, and from running back to pending
    @Override
    boolean isThereAlready(int status, String problem) {
      return status == 400 && problem.contains("Cannot transition status");
    }
  },
  /** Also Forgejo. */
  GITEA("/api/v1/repos/%s/statuses/%s", "context") {
    @Override
    Map<String, String> headers(String token) {
      return Map.of("Authorization", "token " + token);
    }
  };

  private final String path;
  private final String contextField;

  ForgeKind(String path, String contextField) {
    this.path = path;
    this.contextField = contextField;
  }

  abstract Map<String, String> headers(String token);

  String state(JobStatus status) {
    return switch (status) {
      case QUEUED, RUNNING -> "pending";
      case SUCCEEDED -> "success";
      case FAILED, CANCELLED -> "failure";
    };
  }

  /** The repository in the call's path; none where it cannot be one of this forge's. */
  Optional<String> project(List<String> path) {
    return path.size() == 2
        ? Optional.of(path.stream().map(ForgeKind::encoded).collect(Collectors.joining("/")))
        : Optional.empty();
  }

  /** Whether a refusal says that the commit has this state, or a later one, already. */
  boolean isThereAlready(int status, String problem) {
    return false;
  }

  /**
   * Where to post.
   *
   * @param repository the path in the repository's address
   */
  final Optional<URI> address(URI api, String repository, String commit) {
    var segments = List.of(repository.split("/"));
    return segments.stream().anyMatch(segment -> segment.matches("\\.{0,2}"))
        ? Optional.empty()
        : project(segments)
            .map(project ->
                URI.create(api.toString().replaceAll("/+$", "") + path.formatted(project, commit)));
  }

  /** What to post. */
  final Map<String, String> body(CommitStatus status, URI link) {
    return Map.of(
        "state",
        state(status.status()),
        "target_url",
        link.toString(),
        "description",
        status.description(),
        contextField,
        status.context());
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
