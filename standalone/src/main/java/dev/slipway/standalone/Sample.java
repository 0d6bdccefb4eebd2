package dev.slipway.standalone;

import dev.slipway.common.access.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The sample app: registered, with a repository whose pushes call the webhook. */
public final class Sample {
  /** The app's name. */
  public static final String APP = "hello";

  private final SampleRepository repository;

  private Sample(SampleRepository repository) {
    this.repository = repository;
  }

  /** Makes the repository below a folder and registers it. */
  public static Sample register(Installation installation, Path folder)
      throws IOException, InterruptedException {
    var secret = Secrets.random();
    var repository =
        SampleRepository.create(folder, installation.queue().resolve("/webhooks/github"), secret);
    new Api(installation.queue(), installation.adminToken())
        .put(
            "/api/v1/apps/" + APP,
            Map.of(
                "repository", repository.address(), "branch", "master", "webhookSecret", secret));
    return new Sample(repository);
  }

  /** Pushes the first commit, which waits for somebody to press the button. */
  public String pushFirst() throws IOException, InterruptedException {
    return repository.push("Say hello");
  }

  /** Pushes a commit with another greeting, which is deployed by itself. */
  public String pushNext(String greeting) throws IOException, InterruptedException {
    repository.replace("slipway.yml", "auto: false", "auto: true");
    repository.replaceLine(
        "Hello.java", "  private static final String GREETING", " = \"" + greeting + "\";");
    return repository.push("Say " + greeting);
  }

  /** Replaces text in one of the sample's files; it goes with the next push. */
  public void edit(String file, String what, String by) throws IOException {
    repository.replace(file, what, by);
  }
}
