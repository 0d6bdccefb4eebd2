package dev.slipway.common.machine;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Admits one machine to the swarm of one artifact, for an hour; until then there is a new one for
 * the asking.
 *
 * @param announce where the region's swarm meets; carries the machine's credential
 * @param root the certificate that the swarm's peers trust, PEM; none where they do not speak TLS
 * @param certificate the machine's own, PEM, where there is a root
 */
public record Pass(URI announce, @Nullable String root, @Nullable String certificate) {
  @Override
  public String toString() {
    return "Pass[private]";
  }
}
