package dev.slipway.queue.webhook;

import dev.slipway.common.access.Secrets;
import java.util.List;
import org.springframework.http.HttpHeaders;

/** Gitea and Forgejo. */
record Gitea() implements Forge {
  @Override
  public String name() {
    return "gitea";
  }

  @Override
  public String eventHeader() {
    return "X-Gitea-Event";
  }

  @Override
  public String pushEvent() {
    return "push";
  }

  @Override
  public String deliveryHeader() {
    return "X-Gitea-Delivery";
  }

  @Override
  public boolean isGenuine(HttpHeaders headers, byte[] body, String secret) {
    var signature = headers.getFirst("X-Gitea-Signature");
    return signature != null && Secrets.same(Secrets.hmac(secret, body), signature);
  }

  @Override
  public List<String> addresses(Payload payload) {
    return payload.in("repository").texts("clone_url", "ssh_url", "html_url");
  }

  @Override
  public List<Push> pushes(Payload payload) {
    return List.of(
        new Push(
            payload.text("ref"),
            payload.commit("before"),
            payload.commit("after"),
            payload.time("head_commit", "timestamp")));
  }
}
