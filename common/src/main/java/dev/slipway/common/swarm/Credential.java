package dev.slipway.common.swarm;

/**
 * What a peer shows to the others of one artifact's swarm, when they speak TLS.
 *
 * @param root the certificate that all of them trust, PEM; it is part of what names the swarm
 * @param certificate the peer's own, PEM, for this artifact and for {@link CircleAuthority#VALID}
 * @param privateKey of the certificate, PEM
 */
public record Credential(String root, String certificate, String privateKey) {
  @Override
  public String toString() {
    return "Credential[private]";
  }
}
