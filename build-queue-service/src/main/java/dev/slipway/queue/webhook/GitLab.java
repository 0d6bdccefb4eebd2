package dev.slipway.queue.webhook;

import dev.slipway.common.access.Secrets;
import java.util.List;
import org.springframework.http.HttpHeaders;

/** GitLab. It sends the secret itself and signs nothing. */
record GitLab() implements Forge {
  @Override
  public String name() {
    return "gitlab";
  }

  @Override
  public String eventHeader() {
    return "X-Gitlab-Event";
  }

  @Override
  public String pushEvent() {
    return "Push Hook";
  }

  @Override
  public String deliveryHeader() {
    return "X-Gitlab-Event-UUID";
  }

  @Override
  public boolean isGenuine(HttpHeaders headers, byte[] body, String secret) {
    var token = headers.getFirst("X-Gitlab-Token");
    return token != null && Secrets.same(secret, token);
  }

  @Override
  public List<String> addresses(Payload payload) {
    return payload.in("project").texts("git_http_url", "git_ssh_url", "web_url");
  }

  @Override
  public List<Push> pushes(Payload payload) {
    var after = payload.commit("after");
    return List.of(
        new Push(
            payload.text("ref"),
            payload.commit("before"),
            after,
            after == null ? null : payload.timeOfCommit(after)));
  }
}
