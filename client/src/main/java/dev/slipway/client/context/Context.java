package dev.slipway.client.context;

import dev.slipway.client.call.Service;

/** An installation, and somebody's token for it. */
public record Context(Addresses addresses, Token token) {
  public Service deployService() {
    return new Service("deploy-service", addresses.deploy(), token.value());
  }

  public Service buildQueueService() {
    return new Service("build-queue-service", addresses.queue(), token.value());
  }

  public Service heartbeatReaper() {
    return new Service("heartbeat-reaper", addresses.reaper(), token.value());
  }

  public Service replicationChecker() {
    return new Service("replication-checker", addresses.replication(), token.value());
  }
}
