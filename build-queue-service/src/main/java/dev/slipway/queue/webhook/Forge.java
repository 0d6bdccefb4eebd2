package dev.slipway.queue.webhook;

import dev.slipway.common.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** What one kind of forge sends, and how it proves that it was the sender. */
sealed interface Forge permits GitHub, GitLab, Gitea, Bitbucket {
  /** Those that are spoken with. */
  List<Forge> ALL = List.of(new GitHub(), new GitLab(), new Gitea(), new Bitbucket());

  /** As in the webhook's path. */
  String name();

  /** The header that names the event. */
  String eventHeader();

  /** What the event header says of a push to a branch. */
  String pushEvent();

  /** The header with the delivery's id. */
  String deliveryHeader();

  /**
   * Whether the request comes from somebody who knows the secret; takes the same time wherever it
   * differs.
   *
   * @param body as it came, before anything read it
   */
  boolean isGenuine(HttpHeaders headers, byte[] body, String secret);

  /** The repository's addresses, in every form that the payload gives. */
  List<String> addresses(Payload payload);

  /** What moved, in the order in which it moved; mostly one. */
  List<Push> pushes(Payload payload);

  /** The forge of that name. */
  static Forge named(@Nullable String name) {
    return ALL.stream()
        .filter(forge -> forge.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new Problem(
                404,
                "unknown-forge",
                "webhooks are taken at "
                    + String.join(
                        ", ", ALL.stream().map(forge -> "/webhooks/" + forge.name()).toList())));
  }
}
