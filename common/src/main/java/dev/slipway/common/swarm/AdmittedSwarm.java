package dev.slipway.common.swarm;

import dev.slipway.common.artifact.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A peer whose swarms are closed: it admits itself, and shows its certificate wherever it goes. */
public final class AdmittedSwarm implements Swarm {
  private final Swarm swarm;
  private final CircleAuthority authority;
  private final PeerKey key = PeerKey.generate();
  private final Map<Sha256, Membership> memberships = new ConcurrentHashMap<>();

  /**
   * @param swarm one that listens for TLS
   */
  public AdmittedSwarm(Swarm swarm, CircleAuthority authority) {
    this.swarm = swarm;
    this.authority = authority;
  }

  @Override
  public Membership join(Torrent torrent, Path folder, Meeting meeting) throws IOException {
    return entered(torrent, swarm.join(torrent, folder, meeting.showing(credential(torrent))));
  }

  @Override
  public Membership share(Torrent torrent, Path folder, Meeting meeting) throws IOException {
    return entered(torrent, swarm.share(torrent, folder, meeting.showing(credential(torrent))));
  }

  private Membership entered(Torrent torrent, Membership membership) {
    memberships.put(new Sha256(torrent.name()), membership);
    return membership;
  }

  private Credential credential(Torrent torrent) {
    return credential(new Sha256(torrent.name()));
  }

  private Credential credential(Sha256 artifact) {
    return key.with(authority.root(), authority.admit(artifact, key.publicKey()));
  }

  /** Shows new certificates from now on, where it still takes part. */
  public void renew() {
    memberships.forEach((artifact, membership) -> {
      if (!membership.show(credential(artifact))) {
        memberships.remove(artifact, membership);
      }
    });
  }

  @Override
  public void limit(long downloadBytesPerSecond, long uploadBytesPerSecond) {
    swarm.limit(downloadBytesPerSecond, uploadBytesPerSecond);
  }

  @Override
  public int port() {
    return swarm.port();
  }

  @Override
  public void close() {
    swarm.close();
  }
}
