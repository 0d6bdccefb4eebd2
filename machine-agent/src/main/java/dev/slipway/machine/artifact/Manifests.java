package dev.slipway.machine.artifact;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.machine.region.RegionHttp;
import java.io.IOException;

/** Manifests that somebody trusted has signed for exactly the release that was asked for. */
public final class Manifests {
  private final RegionHttp http;
  private final TrustedKeys trusted;

  public Manifests(RegionHttp http, TrustedKeys trusted) {
    this.http = http;
    this.trusted = trusted;
  }

  /**
   * A manifest.
   *
   * @param digest of the envelope that it came in
   */
  public record Signed(Manifest manifest, Sha256 digest) {}

  /**
   * Fetches and checks the manifest of an assignment.
   *
   * @throws Refused when its signature or what it is about is wrong
   */
  public Signed fetch(Assignment assignment) throws IOException, InterruptedException, Refused {
    var envelope = http.get("manifest", assignment.manifest(), Manifest.MAX_SIGNED_BYTES);
    try {
      var manifest = trusted.verify(envelope);
      check(assignment, manifest);
      return new Signed(manifest, Sha256.of(envelope));
    } catch (InvalidInput e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
  }

  private static void check(Assignment assignment, Manifest manifest) throws Refused {
    same("app", assignment.app(), manifest.app());
    same("build", assignment.release().build(), manifest.job());
    same("sha256", assignment.release().sha256(), manifest.sha256());
    same("size", assignment.release().size(), manifest.size());
  }

  private static void same(String field, Object asked, Object signed) throws Refused {
    if (!asked.equals(signed)) {
      throw new Refused(
          "the manifest's %s is %s, but %s was asked for".formatted(field, signed, asked));
    }
  }
}
