package dev.slipway.queue.webhook;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.problem.InvalidInput;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Bitbucket Cloud. One push tells of several refs. */
record Bitbucket() implements Forge {
  @Override
  public String name() {
    return "bitbucket";
  }

  @Override
  public String eventHeader() {
    return "X-Event-Key";
  }

  @Override
  public String pushEvent() {
    return "repo:push";
  }

  @Override
  public String deliveryHeader() {
    return "X-Request-UUID";
  }

  @Override
  public boolean isGenuine(HttpHeaders headers, byte[] body, String secret) {
    var signature = headers.getFirst("X-Hub-Signature");
    return signature != null && Secrets.same("sha256=" + Secrets.hmac(secret, body), signature);
  }

  @Override
  public List<String> addresses(Payload payload) {
    return payload.in("repository").in("links").in("html").texts("href");
  }

  @Override
  public List<Push> pushes(Payload payload) {
    return payload.in("push").list("changes").stream().map(Bitbucket::push).toList();
  }

  /** A new ref has no old state, a deleted one no new state. */
  private static Push push(Payload change) {
    var before = change.inIfThere("old");
    var after = change.inIfThere("new");
    var ref = after != null ? after : before;
    if (ref == null) {
      throw new InvalidInput("push.changes", "must tell old or new of each");
    }
    return new Push(
        (ref.text("type").equals("branch") ? "refs/heads/" : "refs/tags/") + ref.text("name"),
        commit(before),
        commit(after),
        after == null ? null : after.time("target", "date"));
  }

  private static @Nullable CommitSha commit(@Nullable Payload state) {
    return state == null ? null : state.in("target").commit("hash");
  }
}
